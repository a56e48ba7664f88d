// Preloaded by a process whose clock is to be set: the time of day is as many milliseconds off as CLOCK_FILE says at that moment, for
// its child processes, too; or begins with CLOCK_AT, for itself alone.
import { readFileSync } from 'node:fs';

const RealDate = Date;
const { CLOCK_AT, CLOCK_FILE } = process.env;
const isChild = process.send !== undefined;
const offsetOfStart = CLOCK_AT && !isChild ? RealDate.parse(CLOCK_AT) - RealDate.now() : 0;
const offset = CLOCK_FILE ? () => Number(readFileSync(CLOCK_FILE, 'utf8')) : () => offsetOfStart;
const now = () => RealDate.now() + offset();

globalThis.Date = class extends RealDate {
  constructor(...of) {
    if (of.length === 0) super(now());
    else super(...of);
  }

  static now = now;
};
