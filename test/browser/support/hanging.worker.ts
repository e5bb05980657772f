import 'flatfile-chat/worker';

// A storage worker that can be made to stop answering, as one would in an endless loop.
addEventListener('message', ({ data }: MessageEvent<unknown>) => {
  while (data === 'hang');
});
