import { counted } from './counted.js';

const minuteMs = 60_000;
/** What is shorter would be none. */
const leastMs = 50;

/** To a tenth of a second below a minute, to a second above it. */
export function durationText(ms: number): string {
  if (ms < leastMs) return `less than ${(0.1).toLocaleString()} s`;
  if (ms < minuteMs) return `${(ms / 1_000).toLocaleString(undefined, { maximumFractionDigits: 1 })} s`;
  const seconds = Math.round(ms / 1_000);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : counted(Math.floor(hours / 24), 'day');
}

/** What goes on, so to a second. */
export function elapsedText(ms: number): string {
  return ms < 1_000 ? '0 s' : durationText(Math.floor(ms / 1_000) * 1_000);
}
