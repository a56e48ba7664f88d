/** A file of read models that cannot be read, or that holds other tables than it should. */
export class DamagedReadModelsError extends Error {
  readonly code = 'READ_MODELS_DAMAGED';

  constructor(file: string, options: ErrorOptions) {
    super(`The read models in ${file} are damaged`, options);
    this.name = 'DamagedReadModelsError';
  }
}
