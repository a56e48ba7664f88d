/** Beside the page, which a proxy may serve under a path of its own. */
export function graphqlUrl(): string {
  return new URL('graphql', document.baseURI).href;
}

export function graphqlSocketUrl(): string {
  return graphqlUrl().replace(/^http/, 'ws');
}
