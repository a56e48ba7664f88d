import type { DemoLog } from '../../src/demo/demo-log.js';

/** Keeps what it is told, by level. */
export class RecordingLog implements DemoLog {
  readonly warnings: string[] = [];
  readonly errors: string[] = [];
  debug(): void {
    // What the processes write is of no interest.
  }
  info(): void {
    // Nor is this.
  }
  warn(_facts: object, message: string): void {
    this.warnings.push(message);
  }
  error(_facts: object, message: string): void {
    this.errors.push(message);
  }
}
