// What a server takes on this machine (Linux): its memory and that of its budgets' processes, open files and sockets of all.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** @returns bytes, and a number of handles */
export function footprintOf(pid, dataDir) {
  const children = childrenOf(pid);
  return {
    server: residentBytes(pid),
    budgets: sum(children.map(residentBytes)),
    handles: sum([pid, ...children].map((each) => readdirSync(`/proc/${each}/fd`).length)),
    files: bytesIn(dataDir),
  };
}

function childrenOf(pid) {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return text.split(' ').filter((child) => child !== '');
}

function residentBytes(pid) {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(kilobytes) * 1024;
}

export function bytesIn(folder) {
  return sum(
    readdirSync(folder, { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => statSync(join(parentPath, name), { throwIfNoEntry: false })?.size ?? 0),
  );
}

function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0);
}
