// Preloaded by a process whose clock is to be set: the time of day is as many milliseconds off as CLOCK_FILE says at that moment.
import { readFileSync } from 'node:fs';

const RealDate = Date;
const now = () => RealDate.now() + Number(readFileSync(process.env.CLOCK_FILE, 'utf8'));

globalThis.Date = class extends RealDate {
  constructor(...of) {
    if (of.length === 0) super(now());
    else super(...of);
  }

  static now = now;
};
