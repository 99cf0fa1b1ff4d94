// Whether the person's pointer is pressed. What leaving a field starts waits for
// its release: the click that follows carries the field's value with it, and
// nothing moves away from under the pointer.

let down = false;
let waiting: (() => void)[] = [];

function release(): void {
  down = false;
  const all = waiting;
  waiting = [];
  // The click comes after the release, and before this.
  if (all.length > 0)
    setTimeout(() => {
      for (const f of all) f();
    }, 0);
}

if (typeof window !== "undefined") {
  window.addEventListener("pointerdown", () => (down = true), true);
  for (const end of ["pointerup", "pointercancel", "blur"]) window.addEventListener(end, release, true);
}

/** Calls f now, or after the click that is being made. */
export function afterClick(f: () => void): void {
  if (down) waiting.push(f);
  else f();
}
