import { useId, useRef, useState } from "react";
import { Icon } from "../icons";
import type { Upload } from "../protocol/element";
import { useWidget } from "../screen/context";
import type { ViewProps } from "../screen/registry";
import { bytes } from "../text/format";
import { text } from "../text/messages";
import { Camera, Recorder } from "./capture";
import { Field } from "./parts/Field";
import { upload } from "./parts/upload";
import "./upload.css";

interface Sending {
  key: number;
  name: string;
  percent: number;
  cancel: () => void;
}

let nextKey = 0;

export function FileUploader(view: ViewProps<"fileUploader">) {
  switch (view.props.capture) {
    case "audio":
      return <Recorder {...view} />;
    case "camera":
      return <Camera {...view} />;
  }
  return <Chooser {...view} />;
}

function Chooser({ element, props }: ViewProps<"fileUploader">) {
  const [value, set] = useWidget<Upload[]>(element, props.value ?? [], props.rev);
  const [sending, setSending] = useState<Sending[]>([]);
  const [problems, setProblems] = useState<string[]>([]);
  const [over, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const id = useId();
  // Several uploads end at different times: each adds to what is there then.
  const current = useRef(value);
  current.current = value;

  const add = (files: File[]) => {
    const bad: string[] = [];
    const good: File[] = [];
    for (const file of props.multiple ? files : files.slice(0, 1)) {
      if (props.maxBytes > 0 && file.size > props.maxBytes) {
        bad.push(text.widget.fileTooBig(file.name, bytes(props.maxBytes)));
      } else if (!fits(file.name, props.types ?? [])) {
        bad.push(text.widget.fileType(file.name, (props.types ?? []).join(", ")));
      } else good.push(file);
    }
    setProblems(bad);
    for (const file of good) start(file);
  };

  const start = (file: File) => {
    const key = nextKey++;
    const done = () => setSending((all) => all.filter((s) => s.key !== key));
    const cancel = upload(props.url, file, {
      progress: (percent) => setSending((all) => all.map((s) => (s.key === key ? { ...s, percent } : s))),
      done: (sent) => {
        done();
        const next = props.multiple ? [...current.current, sent] : [sent];
        current.current = next;
        set(next);
      },
      failed: (why) => {
        done();
        if (why) setProblems((all) => [...all, text.widget.fileFailed(file.name, why)]);
      },
    });
    setSending((all) => [...all, { key, name: file.name, percent: 0, cancel }]);
  };

  return (
    <Field props={props} control={id}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is one more way; the button is the accessible one */}
      <div
        className={over ? "drop over" : "drop"}
        aria-disabled={props.disabled || undefined}
        onDragOver={(e) => {
          if (props.disabled) return;
          e.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(e) => {
          e.preventDefault();
          setOver(false);
          if (!props.disabled) add([...e.dataTransfer.files]);
        }}
      >
        <Icon name="upload" size={20} />
        <div className="drop-text">
          <span>{text.widget.dropHere}</span>
          <span className="muted">
            {props.maxBytes > 0 && text.widget.fileLimit(bytes(props.maxBytes))}
            {props.types && props.types.length > 0 && ` · ${props.types.join(", ")}`}
          </span>
        </div>
        <button
          type="button"
          className="btn"
          disabled={props.disabled}
          onClick={() => input.current?.click()}
        >
          {text.widget.browse}
        </button>
        <input
          ref={input}
          id={id}
          className="visually-hidden"
          type="file"
          tabIndex={-1}
          multiple={props.multiple}
          accept={props.types?.join(",")}
          disabled={props.disabled}
          onChange={(e) => {
            add([...(e.target.files ?? [])]);
            e.target.value = "";
          }}
        />
      </div>
      <ul className="files">
        {value.map((file) => (
          <li key={file.id}>
            <Icon name="file" />
            <span>{file.name}</span>
            <span className="muted">{bytes(file.size)}</span>
            <button
              type="button"
              className="icon-btn"
              aria-label={text.widget.remove(file.name)}
              disabled={props.disabled}
              onClick={() => set(value.filter((f) => f.id !== file.id))}
            >
              <Icon name="close" size={14} />
            </button>
          </li>
        ))}
        {sending.map((s) => (
          <li key={s.key}>
            <Icon name="upload" />
            <span>{s.name}</span>
            <progress max={100} value={s.percent} aria-label={text.widget.uploading(s.name, s.percent)} />
            <button
              type="button"
              className="icon-btn"
              aria-label={text.widget.remove(s.name)}
              onClick={s.cancel}
            >
              <Icon name="close" size={14} />
            </button>
          </li>
        ))}
      </ul>
      {problems.map((problem) => (
        <p key={problem} className="note bad" role="alert">
          {problem}
        </p>
      ))}
    </Field>
  );
}

function fits(name: string, types: string[]): boolean {
  return types.length === 0 || types.some((type) => name.toLowerCase().endsWith(type.toLowerCase()));
}
