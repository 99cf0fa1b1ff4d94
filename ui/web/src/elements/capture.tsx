import { type RefObject, useEffect, useId, useRef, useState } from "react";
import { Icon } from "../icons";
import type { Upload } from "../protocol/element";
import { useWidget } from "../screen/context";
import type { ViewProps } from "../screen/registry";
import { text } from "../text/messages";
import { Field } from "./parts/Field";
import { upload } from "./parts/upload";
import { toWav } from "./parts/wav";
import "./capture.css";

const sampleRate = 16_000;

/** What both have: the value, what was made last, and what went wrong. */
function useCapture({ element, props }: ViewProps<"fileUploader">) {
  const [value, set] = useWidget<Upload[]>(element, props.value ?? [], props.rev);
  const [made, setMade] = useState("");
  const [problem, setProblem] = useState("");
  useEffect(() => () => URL.revokeObjectURL(made), [made]);
  const keep = (blob: Blob, name: string) => {
    setMade(URL.createObjectURL(blob));
    upload(props.url, new File([blob], name, { type: blob.type }), {
      done: (sent) => set([sent]),
      failed: (why) => setProblem(text.widget.fileFailed(name, why)),
    });
  };
  const clear = () => {
    setMade("");
    if (value.length > 0) set([]);
  };
  /** Asks for the device; the browser asks the person. */
  const ask = async (what: MediaStreamConstraints): Promise<MediaStream | undefined> => {
    setProblem("");
    if (!navigator.mediaDevices) {
      setProblem(text.widget.notHere);
      return undefined;
    }
    try {
      return await navigator.mediaDevices.getUserMedia(what);
    } catch (e) {
      setProblem(text.widget.noDevice(e instanceof Error ? e.message || e.name : String(e)));
      return undefined;
    }
  };
  return { made, problem, setProblem, keep, clear, ask };
}

function Problem({ children }: { children: string }) {
  if (!children) return null;
  return (
    <p className="note bad" role="alert">
      {children}
    </p>
  );
}

/** Frees the device when the element goes. */
function useStopped(stream: RefObject<MediaStream | undefined>) {
  useEffect(
    () => () => {
      for (const track of stream.current?.getTracks() ?? []) track.stop();
    },
    [stream],
  );
}

export function Recorder(view: ViewProps<"fileUploader">) {
  const { props } = view;
  const { made, problem, setProblem, keep, clear, ask } = useCapture(view);
  const recorder = useRef<MediaRecorder | undefined>(undefined);
  const stream = useRef<MediaStream | undefined>(undefined);
  const [seconds, setSeconds] = useState(-1);
  const id = useId();
  useStopped(stream);
  const on = seconds >= 0;
  useEffect(() => {
    if (!on) return;
    const timer = setInterval(() => setSeconds((s) => s + 1), 1000);
    return () => clearInterval(timer);
  }, [on]);

  const start = async () => {
    stream.current = await ask({ audio: true });
    if (!stream.current) return;
    clear();
    const parts: Blob[] = [];
    const r = new MediaRecorder(stream.current);
    r.ondataavailable = (e) => parts.push(e.data);
    r.onstop = () => {
      setSeconds(-1);
      for (const track of stream.current?.getTracks() ?? []) track.stop();
      toWav(new Blob(parts, { type: r.mimeType }), sampleRate).then(
        (blob) => keep(blob, "recording.wav"),
        (e) => setProblem(text.widget.fileFailed("recording.wav", String(e))),
      );
    };
    r.start();
    recorder.current = r;
    setSeconds(0);
  };
  return (
    <Field props={props} labelID={id}>
      <div className="capture" role="group" aria-labelledby={id}>
        <button
          type="button"
          className="btn"
          disabled={props.disabled}
          onClick={() => (on ? recorder.current?.stop() : start())}
        >
          {on ? <Icon name="stop" size={14} /> : <span className="record-dot" aria-hidden="true" />}
          <span>{on ? text.widget.stopRecording : made ? text.widget.recordAgain : text.widget.record}</span>
        </button>
        {on && <span role="timer">{text.widget.recording(seconds)}</span>}
        {/* biome-ignore lint/a11y/useMediaCaption: the person's own voice, just recorded */}
        {made && <audio controls src={made} aria-label={text.widget.recorded} />}
      </div>
      <Problem>{problem}</Problem>
    </Field>
  );
}

export function Camera(view: ViewProps<"fileUploader">) {
  const { props } = view;
  const { made, problem, keep, clear, ask } = useCapture(view);
  const stream = useRef<MediaStream | undefined>(undefined);
  const video = useRef<HTMLVideoElement>(null);
  const [on, setOn] = useState(false);
  const id = useId();
  useStopped(stream);

  const start = async () => {
    stream.current = await ask({ video: true });
    if (!stream.current) return;
    clear();
    setOn(true);
  };
  const take = () => {
    const from = video.current;
    if (!from?.videoWidth) return;
    const canvas = document.createElement("canvas");
    canvas.width = from.videoWidth;
    canvas.height = from.videoHeight;
    canvas.getContext("2d")?.drawImage(from, 0, 0);
    canvas.toBlob((blob) => blob && keep(blob, "picture.jpg"), "image/jpeg", 0.92);
    for (const track of stream.current?.getTracks() ?? []) track.stop();
    setOn(false);
  };
  return (
    <Field props={props} labelID={id}>
      <div className="capture camera" role="group" aria-labelledby={id}>
        {on ? (
          <>
            <video
              muted
              playsInline
              autoPlay
              ref={(node) => {
                video.current = node;
                if (node && node.srcObject !== stream.current) node.srcObject = stream.current ?? null;
              }}
            />
            <button type="button" className="btn" onClick={take}>
              {text.widget.takePicture}
            </button>
          </>
        ) : (
          <>
            {made && <img src={made} alt={text.widget.taken} />}
            <button type="button" className="btn" disabled={props.disabled} onClick={start}>
              {made ? text.widget.clearPicture : text.widget.startCamera}
            </button>
          </>
        )}
      </div>
      <Problem>{problem}</Problem>
    </Field>
  );
}
