import { useRef, useState } from "react";
import { Icon } from "../icons";
import { address } from "../net/base";
import { useSession } from "../screen/context";
import { Children } from "../screen/ElementView";
import type { ViewProps } from "../screen/registry";
import { text } from "../text/messages";
import "./chat.css";

export function ChatMessage({ props, children }: ViewProps<"chatMessage">) {
  const user = /^(user|human)$/i.test(props.name);
  return (
    <section className={user ? "chat user" : "chat"} aria-label={props.name}>
      <Avatar name={props.name} avatar={props.avatar} />
      <div className="stack chat-body">
        <Children paths={children} />
      </div>
    </section>
  );
}

function Avatar({ name, avatar }: { name: string; avatar?: string }) {
  if (avatar && /[/.:]/.test(avatar) && !/^:[a-z_/]+:$/.test(avatar)) {
    return <img className="avatar" src={address(avatar)} alt="" />;
  }
  return (
    <span className="avatar" aria-hidden="true">
      {avatar || (name.trim()[0] ?? "?").toUpperCase()}
    </span>
  );
}

export function ChatInput({ element, props }: ViewProps<"chatInput">) {
  const { widgets } = useSession();
  const [value, setValue] = useState("");
  const area = useRef<HTMLTextAreaElement>(null);
  const ready = value.trim() !== "" && !props.disabled;
  const submit = () => {
    if (!ready) return;
    widgets.trigger(element, value);
    setValue("");
    if (area.current) area.current.style.height = "";
  };
  return (
    <div className="chat-input field">
      <textarea
        ref={area}
        rows={1}
        aria-label={props.label || props.placeholder || text.widget.send}
        placeholder={props.placeholder}
        maxLength={props.maxChars || undefined}
        disabled={props.disabled}
        value={value}
        onChange={(e) => {
          setValue(e.target.value);
          e.target.style.height = "auto";
          e.target.style.height = `${Math.min(240, e.target.scrollHeight)}px`;
        }}
        onKeyDown={(e) => {
          if (e.key === "Enter" && !e.shiftKey && !e.nativeEvent.isComposing) {
            e.preventDefault();
            submit();
          }
        }}
      />
      <button
        type="button"
        className="icon-btn"
        aria-label={text.widget.send}
        disabled={!ready}
        onClick={submit}
      >
        <Icon name="send" />
      </button>
    </div>
  );
}
