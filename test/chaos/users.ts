import { tokenOf } from '../support/signed-token.js';

export interface User {
  readonly name: string;
  readonly token: string;
}

export function signedIn(names: readonly string[]): Promise<readonly User[]> {
  return Promise.all(names.map(async (name) => ({ name, token: await tokenOf(name, '7d') })));
}
