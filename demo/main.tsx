import { render } from 'preact';
import type { BackendKind } from 'flatfile-chat';
import { AppContext } from './app/app-context.ts';
import { createAppModel } from './app/app-model.ts';
import { App } from './app/app.tsx';
import { followPageLife } from './app/page-life.ts';
import { refuseStrayFiles } from './documents/dropped-files.ts';

const BACKENDS: readonly BackendKind[] = ['opfs', 'indexeddb', 'memory'];

// `?backend=memory` and the like are for trying the backends out; the default picks the best one.
const asked = new URLSearchParams(location.search).get('backend');
const app = createAppModel(BACKENDS.find((backend) => backend === asked));

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
