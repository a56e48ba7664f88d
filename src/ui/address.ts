/** The page's address says what it shows, so that it survives a reload, can be linked to, and Back undoes it. */

/** Null: not said. */
export function parameterOfAddress(name: string): string | null {
  const value = new URLSearchParams(location.search).get(name);
  return value === '' ? null : value;
}

/** Null takes a parameter away; those that are not named stay. */
export function goTo(parameters: Readonly<Record<string, string | null>>): void {
  const address = new URL(location.href);
  for (const [name, value] of Object.entries(parameters)) {
    if (value === null) address.searchParams.delete(name);
    else address.searchParams.set(name, value);
  }
  if (address.href === location.href) return;
  history.pushState(null, '', address);
  // The browser tells of Back and Forward only.
  dispatchEvent(new PopStateEvent('popstate'));
}

/** Returns how to stop listening. */
export function onAddressChange(listener: () => void): () => void {
  addEventListener('popstate', listener);
  return () => removeEventListener('popstate', listener);
}
