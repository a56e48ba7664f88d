import { parse } from 'dotenv';
import { nearestName } from './nearest-name.js';

/** As process.env: what is set to the empty text counts as not set. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Throws as `fs.readFileSync(path, 'utf8')` does. */
export type ReadFile = (path: string) => string;

export interface ReadEnvironment {
  /** By name, without those that are not set. */
  readonly values: ReadonlyMap<string, string>;
  /** The names that are set in some form, also those whose value is a problem. */
  readonly given: ReadonlySet<string>;
  readonly problems: readonly string[];
}

/**
 * The values of the known names from the process's environment and from a `.env` file, each directly or,
 * as `<name>_FILE`, from the file that it names. The environment wins over `.env`, in either form.
 */
export function readEnvironment(
  env: Environment,
  names: readonly string[],
  readFile: ReadFile,
): ReadEnvironment {
  const problems: string[] = [];
  const values = new Map<string, string>();
  const given = new Set<string>();
  const envFile = readEnvFile(readFile, problems);
  for (const name of Object.keys(envFile)) {
    if (!names.includes(name.replace(/_FILE$/, ''))) problems.push(unknownName(name, names));
  }

  for (const name of names) {
    const fileName = `${name}_FILE`;
    const source = [env, envFile].find((each) => each[name] !== undefined || each[fileName] !== undefined);
    const value = source?.[name] ?? '';
    const path = source?.[fileName] ?? '';
    if (value !== '' || path !== '') given.add(name);
    if (value !== '' && path !== '') {
      problems.push(`${name} and ${fileName} are both set: unset one of them.`);
    } else if (path !== '') {
      const content = readValueFile(fileName, path, readFile, problems);
      if (content !== undefined) values.set(name, content);
    } else if (value !== '') {
      values.set(name, value);
    }
  }
  return { values, given, problems };
}

/** Names beginning with one of these are rarely another program's. */
const ownPrefixes = ['ACTUAL_', 'EVENTSTORE_', 'OPENAI_', 'AUTH_'];

/** A sentence for each variable of the process's environment that looks like a known one and is none. */
export function mistypedNames(env: Environment, names: readonly string[]): readonly string[] {
  const known = [...names, ...names.map((name) => `${name}_FILE`)];
  return Object.keys(env)
    .filter((name) => ownPrefixes.some((prefix) => name.startsWith(prefix)) && !known.includes(name))
    .flatMap((name) => {
      const nearest = nearestName(name, known);
      return nearest === undefined
        ? []
        : [`${name} is not a known name and is ignored: did you mean ${nearest}?`];
    });
}

function readEnvFile(readFile: ReadFile, problems: string[]): Environment {
  try {
    return parse(readFile('.env'));
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') {
      problems.push(`The file .env cannot be read (${errorCode(error)}): make it readable or remove it.`);
    }
    return {};
  }
}

/** Without the newline that editors and `echo` put at the end. */
function readValueFile(
  fileName: string,
  path: string,
  readFile: ReadFile,
  problems: string[],
): string | undefined {
  try {
    const content = readFile(path).replace(/\r?\n$/, '');
    if (content !== '') return content;
    problems.push(`${fileName} names the file ${path}, which is empty: write the value into it.`);
  } catch (error) {
    problems.push(
      `${fileName} names the file ${path}, which cannot be read (${errorCode(error)}): correct the path or its permissions.`,
    );
  }
  return undefined;
}

function unknownName(name: string, known: readonly string[]): string {
  const nearest = nearestName(name, [...known, ...known.map((each) => `${each}_FILE`)]);
  const action =
    nearest === undefined ? 'remove it (the README lists the known names).' : `did you mean ${nearest}?`;
  return `The file .env sets ${name}, which is not a known name: ${action}`;
}

function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
}
