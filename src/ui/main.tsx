import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Provider } from 'urql';
import { onAddressChange } from './address.js';
import { createGraphqlClient } from './api/graphql-client.js';
import { createLiveSocket } from './api/live-socket.js';
import { JobFeed } from './feed/job-feed.js';
import { filterOfAddress } from './list/filter-in-address.js';
import { Page } from './page.js';
import './style.css';

const socket = createLiveSocket();
const client = createGraphqlClient(socket);
const feed = new JobFeed(client, socket, filterOfAddress());
onAddressChange(() => void feed.filterBy(filterOfAddress()));
void feed.start();

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <Provider value={client}>
        <Page feed={feed} />
      </Provider>
    </StrictMode>,
  );
}
