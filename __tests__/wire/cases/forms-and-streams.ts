/** Cases for bodies that are sent in parts or read only once: multipart forms, Blob, File, Node and web streams. */
import { Readable } from 'node:stream';
import FormDataPackage from 'form-data';
import { listCases, type Part, type TransportName, type WireCase } from '../wire-case.js';

const post = (data: unknown, more: object = {}) => ({ method: 'post', url: '/upload', data, ...more });

const latin1 = (text: string): string => Buffer.from(text).toString('latin1');

const fieldPart = (name: string, body: string): Part => ({
  headers: { 'content-disposition': latin1(`form-data; name="${name}"`) },
  body: latin1(body),
});

const filePart = (name: string, filename: string, type: string, body: string): Part => ({
  headers: { 'content-disposition': latin1(`form-data; name="${name}"; filename="${filename}"`), 'content-type': type },
  body: latin1(body),
});

const OCTETS = 'application/octet-stream';
// Boundaries and labels of its own making; dispatchRequest has labelled the form as urlencoded before.
const mislabelled = { plainCorrupts: ['fetch'] } as const;
const notPlain: readonly TransportName[] = ['fetch', 'custom adapter'];
const noHttp2Delete = 'Node’s http2 ends the stream of DELETE at once, so axios cannot write to it';
const noForms = { 'custom adapter': 'it takes text and bytes only' } as const;

function createForm(): FormData {
  const form = new FormData();
  form.append('a', 'b c');
  form.append('a', 'Grüße\n💛');
  form.append('blob', new Blob(['<', 'ü', '>'], { type: 'text/html' }));
  form.append('file', new File(['content'], 'na me.txt', { type: 'text/plain' }));
  form.append('renamed', new File(['x'], 'x'), 'y.bin');
  return form;
}

const formParts: readonly Part[] = [
  fieldPart('a', 'b c'),
  fieldPart('a', 'Grüße\r\n💛'),
  filePart('blob', 'blob', 'text/html', '<ü>'),
  filePart('file', 'na me.txt', 'text/plain', 'content'),
  filePart('renamed', 'y.bin', OCTETS, 'x'),
];

const createFieldForm = (...fields: readonly (readonly [string, string])[]): FormData => {
  const form = new FormData();
  for (const [name, value] of fields) form.append(name, value);
  return form;
};

const nativeForms = listCases({ service: 'execute-api', ...mislabelled, lacking: noForms }, [
  ['FormData: fields, blobs and files', () => post(createForm()), { sends: { parts: formParts } }],
  ['FormData: by PUT', () => ({ ...post(createForm()), method: 'put' }), { sends: { parts: formParts } }],
  [
    'FormData: by DELETE',
    () => ({ ...post(createForm()), method: 'delete' }),
    { sends: { parts: formParts }, lacking: { ...noForms, http2: noHttp2Delete } },
  ],
  [
    'FormData: its type given',
    () => post(createForm(), { headers: { 'Content-Type': 'multipart/form-data' } }),
    { sends: { parts: formParts } },
  ],
  [
    'FormData: its type given with a boundary',
    () => post(createForm(), { headers: { 'Content-Type': 'multipart/form-data; boundary=my-boundary-0123456789' } }),
    { sends: { parts: formParts } },
  ],
  [
    'FormData: names to escape',
    () => post(createFieldForm(['a"b\r\nc', 'd'])),
    { sends: { parts: [fieldPart('a%22b%0D%0Ac', 'd')] } },
  ],
  [
    'FormData: as JSON',
    () => post(createFieldForm(['a', '1'], ['b[c]', '2']), { headers: { 'Content-Type': 'application/json' } }),
    { plainCorrupts: [] },
  ],
  [
    'FormData: with upload progress',
    () => post(createForm(), { onUploadProgress: () => undefined }),
    { sends: { parts: formParts } },
  ],
]);

function createPackageForm(): FormDataPackage {
  const form = new FormDataPackage();
  form.append('a', 'b ü');
  form.append('buffer', Buffer.from('bytes'), { filename: 'b.bin', contentType: 'application/x-b' });
  return form;
}

const packageParts: readonly Part[] = [fieldPart('a', 'b ü'), filePart('buffer', 'b.bin', 'application/x-b', 'bytes')];

function createStreamingForm(): FormDataPackage {
  const form = new FormDataPackage();
  form.append('stream', Readable.from([Buffer.from('from '), Buffer.from('afar')]), { filename: 's.txt' });
  return form;
}

const packageForms = listCases({ service: 'execute-api', plainCorrupts: notPlain, lacking: noForms }, [
  ['form-data: fields and bytes', () => post(createPackageForm()), { sends: { parts: packageParts } }],
  [
    'form-data: its own headers given',
    () => {
      const form = createPackageForm();
      return post(form, { headers: form.getHeaders() });
    },
    { sends: { parts: packageParts } },
  ],
  [
    'form-data: its type taken away',
    () => post(createPackageForm(), { headers: { 'Content-Type': null } }),
    { sends: { parts: packageParts } },
  ],
  [
    'form-data: its type refused',
    () => {
      const form = new FormDataPackage();
      form.setBoundary('my-boundary');
      form.append('a', 'b');
      return post(form, { headers: { 'Content-Type': false } });
    },
    { sends: { headers: { 'content-type': [] } } },
  ],
  [
    'form-data: a stream in it',
    () => post(createStreamingForm()),
    { sends: { parts: [filePart('stream', 's.txt', 'text/plain', 'from afar')] } },
  ],
]);

const toForm = { headers: { 'Content-Type': 'multipart/form-data' } };

const axiosForms = listCases({ service: 'execute-api', plainCorrupts: notPlain, lacking: noForms }, [
  [
    'postForm: an object',
    () => post({ a: 'b c', d: [1, 2], e: { f: true }, 'g{}': { h: 1 } }, toForm),
    {
      lacking: { ...noForms, 'axios-1.7': 'it hands the boolean to form-data, which cannot send one' },
      sends: {
        parts: [
          fieldPart('a', 'b c'),
          fieldPart('d[]', '1'),
          fieldPart('d[]', '2'),
          fieldPart('e[f]', 'true'),
          fieldPart('g{}', '{"h":1}'),
        ],
      },
    },
  ],
  [
    'putForm: an object with a formSerializer',
    () => ({ ...post({ a: { b: [1] } }, toForm), method: 'put', formSerializer: { dots: true, indexes: true } }),
    { sends: { parts: [fieldPart('a.b.0', '1')] } },
  ],
  ['patchForm: a Buffer', () => ({ ...post({ a: Buffer.from('bytes') }, toForm), method: 'patch' })],
]);

const blobs = listCases({ service: 'execute-api', lacking: noForms }, [
  [
    'Blob: with a type',
    () => post(new Blob(['Grüße'], { type: 'text/plain' })),
    { sends: { body: Buffer.from('Grüße') } },
  ],
  ['Blob: without a type', () => post(new Blob([Uint8Array.of(0, 255)])), { sends: { body: Buffer.of(0, 255) } }],
  [
    'Blob: with another type in the headers',
    () => post(new Blob(['a'], { type: 'text/plain' }), { headers: { 'Content-Type': 'text/csv' } }),
  ],
  [
    'Blob: whose type the headers take away',
    () => post(new Blob(['a'], { type: 'text/plain' }), { headers: { 'Content-Type': null } }),
  ],
  [
    'Blob: whose type the headers refuse',
    () => post(new Blob(['a'], { type: 'text/plain' }), { headers: { 'Content-Type': false } }),
  ],
  ['Blob: empty', () => post(new Blob([]))],
  [
    'Blob: a slice',
    () => post(new Blob(['0123456789']).slice(4, 8, 'text/plain')),
    { sends: { body: Buffer.from('4567') } },
  ],
  [
    'Blob: by DELETE',
    () => ({ ...post(new Blob(['a'], { type: 'text/plain' })), method: 'delete' }),
    { lacking: { ...noForms, http2: noHttp2Delete } },
  ],
  [
    'File',
    () => post(new File(['a', 'b'], 'ü.txt', { type: 'text/plain' })),
    { sends: { body: Buffer.from('ab') }, lacking: { ...noForms, 'axios-1.7': 'its http adapter takes no File' } },
  ],
  [
    'Blob: to S3',
    () => ({ method: 'put', url: '/bucket/key', data: new Blob(['x'], { type: 'image/png' }) }),
    { service: 's3' },
  ],
  ['Blob: with upload progress', () => post(new Blob(['x'.repeat(1000)]), { onUploadProgress: () => undefined })],
]);

const nodeStream = (...chunks: readonly string[]): Readable => Readable.from(chunks.map((chunk) => Buffer.from(chunk)));

function webStream(...chunks: readonly string[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(new Uint8Array(Buffer.from(chunk)));
      controller.close();
    },
  });
}

const CHUNKS = ['one, ', 'two, ', 'ü'] as const;
const content = { sends: { body: Buffer.from(CHUNKS.join('')) } } as const;
const unsigned = {
  options: { payload: 'unsigned' },
  resent: 'nothing',
  sends: { ...content.sends, headers: { 'x-amz-content-sha256': ['UNSIGNED-PAYLOAD'] } },
} as const;
const onlyFetch = 'the http adapter takes no web streams';
const noWebStreams = {
  http: onlyFetch,
  'axios-1.7': onlyFetch,
  http2: onlyFetch,
  proxy: onlyFetch,
  socketPath: onlyFetch,
  'maxRedirects: 0': onlyFetch,
  ...noForms,
};

const streams = [
  ...listCases({ service: 'execute-api', ...content }, [
    ['stream: Node, read into memory', () => post(nodeStream(...CHUNKS))],
    ['stream: Node, with a type', () => post(nodeStream(...CHUNKS), { headers: { 'Content-Type': 'video/mp4' } })],
    ['stream: Node, of text', () => post(Readable.from([...CHUNKS], { objectMode: false }))],
    ['stream: Node, with its length', () => post(nodeStream(...CHUNKS), { headers: { 'Content-Length': '12' } })],
    ['stream: Node, without redirects', () => post(nodeStream(...CHUNKS), { maxRedirects: 0 })],
    ['stream: Node, empty', () => post(Readable.from([])), { sends: { body: Buffer.alloc(0) } }],
    ['stream: Node, with upload progress', () => post(nodeStream(...CHUNKS), { onUploadProgress: () => undefined })],
    ['stream: web, read into memory', () => post(webStream(...CHUNKS)), { lacking: noWebStreams }],
    [
      'stream: web, with a type',
      () => post(webStream(...CHUNKS), { headers: { 'Content-Type': 'a/b' } }),
      { lacking: noWebStreams },
    ],
  ]),
  ...listCases({ service: 'execute-api', ...unsigned }, [
    ['stream: Node, unsigned', () => post(nodeStream(...CHUNKS))],
    [
      'stream: Node, unsigned, with its length',
      () => post(nodeStream(...CHUNKS), { headers: { 'Content-Length': '12' } }),
    ],
    ['stream: Node, unsigned, without redirects', () => post(nodeStream(...CHUNKS), { maxRedirects: 0 })],
    [
      'stream: Node, unsigned, to S3',
      () => ({ method: 'put', url: '/b/k', data: nodeStream(...CHUNKS) }),
      { service: 's3' },
    ],
    ['stream: web, unsigned', () => post(webStream(...CHUNKS)), { lacking: noWebStreams }],
  ]),
];

/** Every case about bodies that are made of parts or read once. */
export const formAndStreamCases: readonly WireCase[] = [
  ...nativeForms,
  ...packageForms,
  ...axiosForms,
  ...blobs,
  ...streams,
];
