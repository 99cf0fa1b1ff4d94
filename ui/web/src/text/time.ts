import { text } from "./messages";

/** A moment, in ms since 1970, as the time since then; a date when that is long ago. */
export function ago(at: number, now = Date.now()): string {
  const minutes = Math.floor((now - at) / 60_000);
  if (minutes < 1) return text.time.now;
  if (minutes < 60) return text.time.minutes(minutes);
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return text.time.hours(hours);
  const days = Math.floor(hours / 24);
  if (days < 14) return text.time.days(days);
  return new Date(at).toLocaleDateString(undefined, { dateStyle: "medium" });
}
