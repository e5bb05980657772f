import { extractText } from '../../worker/documents/extract.ts';

// Extracts the text of each document that it is sent.
addEventListener('message', ({ data }: MessageEvent<{ content: Blob; mimeType: string }>) => {
  void extractText(data.content, { mimeType: data.mimeType, filename: '' }).then(
    (extraction) => postMessage({ extraction }),
    (error: unknown) => postMessage({ error: String(error) }),
  );
});
