import type { ReactNode } from "react";
import type { Widget } from "../../protocol/element";
import { Help } from "./Help";

interface FieldProps {
  props: Widget;
  /** The id of the control the label names; without one the label is a legend of a group. */
  control?: string;
  /** The id the label gets, for aria-labelledby. */
  labelID?: string;
  children: ReactNode;
  /** A line below that stays. */
  note?: ReactNode;
  /** A line below that comes and goes. It takes no place: what stands below must not move away from the pointer. */
  hint?: ReactNode;
}

/** What all widgets share: the label above, the help beside it, the control, a note below. */
export function Field({ props, control, labelID, children, note, hint }: FieldProps) {
  const width = /^\d+$/.test(props.width ?? "") ? { maxWidth: Number(props.width) } : undefined;
  const hidden = props.hideLabel === "collapsed" ? "collapsed" : props.hideLabel === "hidden" ? "hidden" : "";
  return (
    <div className={props.width === "content" ? "widget content-width" : "widget"} style={width}>
      {hidden === "collapsed" || !(props.label || props.help) ? (
        <Label className="visually-hidden" props={props} control={control} id={labelID} />
      ) : (
        <div className={hidden ? "label-row invisible" : "label-row"}>
          <Label className="label" props={props} control={control} id={labelID} />
          <Help text={props.help} />
        </div>
      )}
      {children}
      {note && <div className="note">{note}</div>}
      {hint && <div className="note hint">{hint}</div>}
    </div>
  );
}

function Label({
  props,
  control,
  id,
  className,
}: {
  props: Widget;
  control?: string;
  id?: string;
  className: string;
}) {
  const inner = <LabelText props={props} />;
  return control ? (
    <label id={id} htmlFor={control} className={className}>
      {inner}
    </label>
  ) : (
    <span id={id} className={className}>
      {inner}
    </span>
  );
}

/** A label's text, with its markup when it has some. */
export function LabelText({ props }: { props: { label: string; labelHtml?: string } }) {
  if (props.labelHtml) return <span className="html" dangerouslySetInnerHTML={{ __html: props.labelHtml }} />;
  return <>{props.label}</>;
}
