import type { Config } from './config.js';

/** Our own errors whose messages are sentences for whoever runs the server. */
const spokenFor: ReadonlySet<string> = new Set([
  'EVENT_STORE_OPEN',
  'EVENT_STORE_UNAVAILABLE',
  'DEMO_DID_NOT_START',
  'COPIED_DATA_DIR',
  'MALFORMED_EVENT',
  'OTHER_LOG',
]);

/**
 * Why the start failed, as one sentence that says what to do; undefined for what nobody expected. Told by
 * their codes: those of the operating system, and of our own errors whose messages are such sentences.
 */
export function startFailure(error: unknown, { port, host, dataDir }: Config): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined;
  const { code } = error;
  if (spokenFor.has(code)) return error.message;
  switch (code) {
    case 'EADDRINUSE':
      return `Port ${port} is in use by another program: stop it, or set PORT to another one (0 takes any free one).`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `HOST is ${host}, which is not an address of this machine: set it to 127.0.0.1.`;
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
    case 'ENOENT':
      return 'syscall' in error && error.syscall === 'listen'
        ? `Port ${port} may not be used by this user: set PORT to one above 1023.`
        : notWritable(dataDir);
    case 'ENOTDIR':
    case 'EEXIST':
      return `DATA_DIR is ${dataDir}, which is not a folder: set it to the path of one.`;
  }
  if (/^(ENOSPC|EDQUOT|SQLITE_FULL)/.test(code)) {
    return `The disk of DATA_DIR (${dataDir}) is full: make room, or set DATA_DIR to a folder on another one.`;
  }
  // That of the events says so itself.
  if (/^(SQLITE_CORRUPT|SQLITE_NOTADB|READ_MODELS_DAMAGED)/.test(code)) {
    return `The read models in DATA_DIR (${dataDir}) are damaged: stop the server and say \`npm run projections -- rebuild\`.`;
  }
  if (/^SQLITE_(READONLY|CANTOPEN|PERM)/.test(code)) return notWritable(dataDir);
  return undefined;
}

function notWritable(dataDir: string): string {
  return `DATA_DIR (${dataDir}) cannot be written: correct its permissions, or set DATA_DIR to another folder.`;
}
