import { type MouseEvent, useEffect, useRef } from "react";
import { UserIcon } from "../icons";
import { address } from "../net/base";
import { useSession } from "../screen/context";
import type { ViewProps } from "../screen/registry";
import { safeLink } from "../text/link";
import { matches } from "../text/shortcut";
import { LabelText } from "./parts/Field";
import { Help } from "./parts/Help";
import "./button.css";

export function look(type: string | undefined, width: string | undefined): string {
  return `btn el-button ${type ?? "secondary"}${width === "stretch" ? " stretch" : ""}`;
}

export function pixels(width: string | undefined): { width: number } | undefined {
  return /^\d+$/.test(width ?? "") ? { width: Number(width) } : undefined;
}

export function Button({ element, props }: ViewProps<"button">) {
  const { widgets } = useSession();
  const click = () => widgets.trigger(element);
  const latest = useRef(click);
  latest.current = click;
  useEffect(() => {
    if (!props.shortcut || props.disabled) return;
    const listen = (e: KeyboardEvent) => {
      if (!matches(e, props.shortcut!)) return;
      e.preventDefault();
      latest.current();
    };
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, [props.shortcut, props.disabled]);
  return (
    <div className="button-row">
      <button
        type="button"
        className={look(props.type, props.width)}
        style={pixels(props.width)}
        disabled={props.disabled}
        aria-keyshortcuts={props.shortcut}
        onClick={click}
      >
        <UserIcon icon={props.icon} />
        <span>
          <LabelText props={props} />
        </span>
        {props.shortcut && <kbd>{props.shortcut}</kbd>}
      </button>
      <Help text={props.help} />
    </div>
  );
}

export function DownloadButton({ element, props }: ViewProps<"downloadButton">) {
  const { widgets } = useSession();
  return (
    <div className="button-row">
      <a
        className={look(props.type, props.width)}
        style={pixels(props.width)}
        href={props.disabled ? undefined : address(props.url)}
        download={props.file}
        role="button"
        aria-disabled={props.disabled || undefined}
        onClick={() => {
          if (!props.disabled && !props.quiet) widgets.trigger(element);
        }}
      >
        <UserIcon icon={props.icon || ":download:"} />
        <span>
          <LabelText props={props} />
        </span>
      </a>
      <Help text={props.help} />
    </div>
  );
}

export function LinkButton({ props }: ViewProps<"linkButton">) {
  return (
    <div className="button-row">
      <a
        className={look(props.type, props.width)}
        style={pixels(props.width)}
        href={props.disabled ? undefined : safeLink(props.url)}
        aria-disabled={props.disabled || undefined}
        target="_blank"
        rel="noreferrer"
      >
        <UserIcon icon={props.icon} />
        <span>
          <LabelText props={props} />
        </span>
      </a>
      <Help text={props.help} />
    </div>
  );
}

export function PageLink({ props }: ViewProps<"pageLink">) {
  const session = useSession();
  const inside = !/^[a-z]+:/i.test(props.page);
  const go = (e: MouseEvent) => {
    if (!inside || e.ctrlKey || e.metaKey || e.shiftKey) return;
    e.preventDefault();
    session.goToPage(props.page);
  };
  return (
    <a
      className="page-link"
      href={
        props.disabled ? undefined : inside ? `?page=${encodeURIComponent(props.page)}` : safeLink(props.page)
      }
      aria-current={props.current ? "page" : undefined}
      aria-disabled={props.disabled || undefined}
      onClick={go}
    >
      <UserIcon icon={props.icon} />
      <span>
        <LabelText props={props} />
      </span>
      <Help text={props.help} />
    </a>
  );
}
