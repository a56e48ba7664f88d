import 'graphiql/setup-workers/vite';
import { createGraphiQLFetcher } from '@graphiql/toolkit';
import { GraphiQL } from 'graphiql';
import { createClient } from 'graphql-ws';
import { createRoot } from 'react-dom/client';
import 'graphiql/style.css';
import { graphqlUrl, graphqlSocketUrl } from '../api/graphql-url.js';
import { firstQuery } from './first-query.js';
import './playground.css';

const fetcher = createGraphiQLFetcher({
  url: graphqlUrl(),
  wsClient: createClient({ url: graphqlSocketUrl() }),
});

const root = document.getElementById('root');
if (root) createRoot(root).render(<GraphiQL fetcher={fetcher} defaultQuery={firstQuery} />);
