import { render } from 'preact';
import type { BackendKind } from 'flatfile-chat';
import { AppContext } from './app/app-context.ts';
import { createAppModel } from './app/app-model.ts';
import { App } from './app/app.tsx';
import { followPageLife } from './app/page-life.ts';
import { refuseStrayFiles } from './documents/dropped-files.ts';
import { paceFrom } from './recall/pace.ts';

const BACKENDS: readonly BackendKind[] = ['opfs', 'indexeddb', 'memory'];

// `?backend=memory` and the like are for trying the backends out; the default picks the best one.
// `?pace=400` has the answerer take 400 ms for each word, to watch it; 0: none.
const asked = new URLSearchParams(location.search);
const app = createAppModel({
  backend: BACKENDS.find((backend) => backend === asked.get('backend')),
  paceMs: paceFrom(asked.get('pace')),
});

const root = document.querySelector('#app');
if (root === null) throw new Error('index.html has no element with the id "app".');
render(
  <AppContext.Provider value={app}>
    <App />
  </AppContext.Provider>,
  root,
);

followPageLife(app);
refuseStrayFiles();
app.start();
