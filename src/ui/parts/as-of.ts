import { createContext } from 'react';

/** ISO text: until when what is shown was known to be true; null while it is. */
export const AsOf = createContext<string | null>(null);
