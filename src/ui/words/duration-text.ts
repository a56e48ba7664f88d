import { strings } from '../strings.js';

const minuteMs = 60_000;
/** What is shorter would be none. */
const leastMs = 50;

/** To a tenth of a second below a minute, to a second above it. */
export function durationText(ms: number): string {
  if (ms < leastMs) return strings.time.lessThan(strings.time.seconds((0.1).toLocaleString()));
  if (ms < minuteMs)
    return strings.time.seconds((ms / 1_000).toLocaleString(undefined, { maximumFractionDigits: 1 }));
  const seconds = Math.round(ms / 1_000);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return strings.time.minutes(minutes, seconds % 60);
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? strings.time.hours(hours, minutes % 60) : strings.time.days(Math.floor(hours / 24));
}

/** What goes on, so to a second. */
export function elapsedText(ms: number): string {
  return ms < 1_000
    ? strings.time.seconds((0).toLocaleString())
    : durationText(Math.floor(ms / 1_000) * 1_000);
}
