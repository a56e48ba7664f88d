import 'graphiql/setup-workers/vite';
import { createGraphiQLFetcher } from '@graphiql/toolkit';
import { GraphiQL } from 'graphiql';
import { createClient } from 'graphql-ws';
import { createRoot } from 'react-dom/client';
import 'graphiql/style.css';
import { graphqlUrl, graphqlSocketUrl } from '../api/graphql-url.js';
import { credentials } from '../sign-in/kept-token.js';
import examples from '../../../schema/examples.graphql?raw';
import './playground.css';

const fetcher = createGraphiQLFetcher({
  url: graphqlUrl(),
  // Of whoever has signed in on the page.
  headers: { ...credentials() },
  wsClient: createClient({ url: graphqlSocketUrl(), connectionParams: credentials }),
});

/** One for each example, as somebody finds them who comes for the first time. */
const tabs = examples
  .trim()
  .split(/\n\n(?=#)/)
  .map((query) => ({ query }));

const root = document.getElementById('root');
if (root) createRoot(root).render(<GraphiQL fetcher={fetcher} defaultTabs={tabs} />);
