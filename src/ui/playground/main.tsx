import 'graphiql/setup-workers/vite';
import { createGraphiQLFetcher } from '@graphiql/toolkit';
import { GraphiQL } from 'graphiql';
import { createClient } from 'graphql-ws';
import { createRoot } from 'react-dom/client';
import 'graphiql/style.css';
import { graphqlUrl, graphqlSocketUrl } from '../api/graphql-url.js';
import { credentials } from '../sign-in/kept-token.js';
import { firstQuery } from './first-query.js';
import './playground.css';

const fetcher = createGraphiQLFetcher({
  url: graphqlUrl(),
  // Of whoever has signed in on the page.
  headers: { ...credentials() },
  wsClient: createClient({ url: graphqlSocketUrl(), connectionParams: credentials }),
});

const root = document.getElementById('root');
if (root) createRoot(root).render(<GraphiQL fetcher={fetcher} defaultQuery={firstQuery} />);
