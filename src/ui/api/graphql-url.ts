export function graphqlUrl(): string {
  return new URL('/graphql', location.href).href;
}

export function graphqlSocketUrl(): string {
  return graphqlUrl().replace(/^http/, 'ws');
}
