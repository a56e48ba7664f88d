interface Server {
  readonly url: string;
  readonly stop: () => Promise<unknown>;
}

type Environment = Readonly<Record<string, string>> & { readonly DATA_DIR: string };

export const pictureNames: readonly string[];

export function takePictures(
  startServer: (env: Environment) => Promise<Server>,
): Promise<ReadonlyMap<string, Buffer>>;
