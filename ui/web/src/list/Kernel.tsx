import { list } from "../text/messages/list";

/** How the kernel of an open notebook is. */
export function Kernel({ info }: { info: { kernel?: string } }) {
  const state = info.kernel ?? "none";
  const name = list.kernelState[state];
  if (!name) return null;
  return (
    <span className={`kernel-chip ${state}`}>
      <i aria-hidden="true" />
      {name}
    </span>
  );
}
