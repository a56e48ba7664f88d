import { JobApi, RefusedError, UnreachableError, type Job } from './job-api.js';
import type { JobArguments } from './job-arguments.js';
import { progressText } from './progress-text.js';

/** What the command ends with; the usage says so to whoever calls it. */
export const exitCodes = {
  succeeded: 0,
  failed: 1,
  badUsage: 2,
  canceled: 3,
  refused: 4,
  unreachable: 5,
  outOfTime: 6,
} as const;

export interface Terminal {
  /** The result. */
  readonly print: (line: string) => void;
  /** Where it stands, in place of what was said before. */
  readonly progress: (line: string) => void;
  /** What stays. */
  readonly tell: (line: string) => void;
}

class OutOfTimeError extends Error {
  readonly code = 'OUT_OF_TIME';
}

/** Starts the job, and follows it where that is wanted. @returns with what the process ends */
export async function runJob(
  { url, token, input, waits, timeoutMs, json }: JobArguments,
  { print, progress, tell }: Terminal,
): Promise<number> {
  const api = new JobApi(url, token);
  let known: Job | undefined;
  const end = (code: number, error?: { code: string; message: string }) => {
    const told = error && { code: error.code, message: error.message };
    if (json) print(JSON.stringify({ ...(known && { job: known }), ...(told && { error: told }) }));
    else if (error) tell(error.message);
    return code;
  };
  const limit = timeoutMs === undefined ? undefined : setTimeoutSignal(timeoutMs);
  try {
    const { job, created } = await api.start(input);
    known = job;
    if (!json) progress(created ? progressText(job) : `It is active already. ${progressText(job)}`);
    if (!waits) {
      if (!json) print(job.id);
      return end(exitCodes.succeeded);
    }
    const signal = limit?.signal ?? new AbortController().signal;
    const onLost = () => {
      if (!json) progress('The connection is lost; the job goes on. Connects again …');
    };
    for await (const state of api.follow(job.id, { signal, onLost })) {
      known = state;
      if (!json) progress(progressText(state));
    }
    return end(exitCodeOf(known));
  } catch (error) {
    if (error instanceof RefusedError) return end(exitCodes.refused, error);
    if (error instanceof UnreachableError) return end(exitCodes.unreachable, error);
    if (error instanceof OutOfTimeError) {
      return end(exitCodes.outOfTime, {
        code: error.code,
        message: `It has not ended within ${(timeoutMs ?? 0) / 1_000} s. It goes on: see ${url}, or wait for it again with the same --key.`,
      });
    }
    throw error;
  } finally {
    limit?.clear();
  }
}

function exitCodeOf({ status }: Job): number {
  if (status === 'SUCCEEDED') return exitCodes.succeeded;
  return status === 'CANCELED' ? exitCodes.canceled : exitCodes.failed;
}

function setTimeoutSignal(ms: number) {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(new OutOfTimeError()), ms);
  return { signal: controller.signal, clear: () => clearTimeout(timer) };
}
