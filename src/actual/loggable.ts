import { failureOfWord } from './failure-of-word.js';

/**
 * Words of the server and of the library, for the log. Where a known word is expected anything may come, such as the page of a
 * proxy, or a text with a secret in it.
 */
export function loggableWord(word: string): string {
  return failureOfWord(word) ? word : 'a word that is not known';
}

/** What kind of error, and where: messages quote what was read. */
export function loggableError(error: unknown): string {
  if (!(error instanceof Error)) return 'no error';
  const frames = (error.stack ?? '').split('\n').filter(isFrame);
  return [error.name, ...frames].join('\n');
}

/** A line of a stack, or the last words of V8. */
export function isTrace(line: string): boolean {
  return isFrame(line) || /^FATAL ERROR: [A-Za-z -]{1,120}$/.test(line);
}

function isFrame(line: string): boolean {
  return /^\s+at (async )?[\w$.<>#[\] ]{0,100}\(?(node:|file:|\/)[^\s()]*:\d+:\d+\)?$/.test(line);
}
