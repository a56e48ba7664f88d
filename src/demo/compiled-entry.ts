/** Where the entry of a process lies. It has to be JavaScript, also where this file runs as TypeScript (tests). */
export function compiledEntry(name: string): URL {
  const folder = import.meta.url.endsWith('.ts') ? '../../dist/src/demo/' : './';
  return new URL(`${folder}${name}.js`, import.meta.url);
}
