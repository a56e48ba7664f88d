import { execFileSync } from 'node:child_process';

export interface ChildProcess {
  readonly pid: number;
  readonly command: string;
}

export function childrenOf(pid: number): readonly ChildProcess[] {
  return execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, parent]) => Number(parent) === pid)
    .map(([child, , ...args]) => ({ pid: Number(child), command: args.join(' ') }));
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
