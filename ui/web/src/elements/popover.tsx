import * as Radix from "@radix-ui/react-popover";
import { Icon, UserIcon } from "../icons";
import { Children } from "../screen/ElementView";
import type { ViewProps } from "../screen/registry";
import "./popover.css";

export function Popover({ props, children }: ViewProps<"popover">) {
  return (
    <Radix.Root>
      <Radix.Trigger className={`btn ${props.type ?? ""}`} disabled={props.disabled}>
        <UserIcon icon={props.icon} />
        <span>{props.label}</span>
        <Icon name="chevronDown" size={14} />
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content className="popup popover" sideOffset={6} align="start" collisionPadding={10}>
          <div className="stack">
            <Children paths={children} />
          </div>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
