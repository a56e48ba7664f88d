import fs, { type NoParamCallback, type PathLike, type WriteFileOptions } from 'node:fs';

/**
 * Lets `fs.writeFile` replace a file as a whole. The library writes the metadata of a budget in place, some of it
 * after a sync has succeeded: a kill in that moment left an empty file, which made the whole copy worthless.
 * Must be called before the library is used.
 */
export function writeWholeFiles(): void {
  const { writeFile } = fs;
  let drafts = 0;
  const replaceFile = (
    file: PathLike,
    content: string | NodeJS.ArrayBufferView,
    options: WriteFileOptions,
    done: NoParamCallback,
  ) => {
    const draft = `${file.toString()}.${++drafts}.new`;
    writeFile(draft, content, options, (error) => {
      if (error) fs.rm(draft, { force: true }, () => done(error));
      else fs.rename(draft, file, done);
    });
  };
  fs.writeFile = Object.assign(replaceFile, { __promisify__: writeFile.__promisify__ }) as typeof writeFile;
}
