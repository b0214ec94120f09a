import type { vi } from './words.ts';

export const exampleLanguages = ['curl', 'typescript', 'python'] as const;

export type ExampleLanguage = (typeof exampleLanguages)[number];

export const languageNames: Readonly<Record<ExampleLanguage, string>> = {
  curl: 'curl',
  typescript: 'TypeScript',
  python: 'Python',
};

export interface ExampleValues {
  /** Scheme, host and port of the server, without a slash at the end. */
  readonly server: string;
  readonly key: string;
  /** Comments and file names. */
  readonly words: Pick<(typeof vi)['examples'], 'comments' | 'recordingFile' | 'resultFile'>;
}

/** A sample voice that every server has. */
const voice = 'sample-3080';

/** A program that converts a recording of one's own, complete: sends it, waits, and saves the result. */
export const exampleCode: Readonly<Record<ExampleLanguage, (values: ExampleValues) => string>> = {
  curl: ({ server, key, words: { comments, recordingFile, resultFile } }) => `SERVER=${server}
AUTH="Authorization: Bearer ${key}"

# ${comments.send}
JOB=$(curl -fsS "$SERVER/api/convert" -H "$AUTH" -F source=@${recordingFile} -F voice=${voice} |
  sed -E 's/.*"id":"([^"]+)".*/\\1/')

# ${comments.wait}
while curl -fsS "$SERVER/api/jobs/$JOB" -H "$AUTH" | grep -qE '"status":"(queued|active)"'; do sleep 1; done

# ${comments.fetch}
curl -fsS "$SERVER/api/jobs/$JOB/result" -H "$AUTH" -o ${resultFile}
`,

  typescript: ({
    server,
    key,
    words: { comments, recordingFile, resultFile },
  }) => `import { readFile, writeFile } from 'node:fs/promises';

const server = '${server}';
const headers = { Authorization: 'Bearer ${key}' };

async function ask(path: string, init: RequestInit = {}): Promise<Response> {
  const answer = await fetch(server + path, { ...init, headers });
  if (!answer.ok) throw new Error(await answer.text());
  return answer;
}

// ${comments.send}
const form = new FormData();
form.set('source', new Blob([await readFile('${recordingFile}')]), '${recordingFile}');
form.set('voice', '${voice}');
let job = await (await ask('/api/convert', { method: 'POST', body: form })).json();

// ${comments.wait}
while (job.status === 'queued' || job.status === 'active') {
  await new Promise((resume) => setTimeout(resume, 1000));
  job = await (await ask(\`/api/jobs/\${job.id}\`)).json();
}
if (job.status !== 'done') throw new Error(job.error?.title ?? job.status);

// ${comments.fetch}
const result = await ask(\`/api/jobs/\${job.id}/result\`);
await writeFile('${resultFile}', new Uint8Array(await result.arrayBuffer()));
`,

  python: ({ server, key, words: { comments, recordingFile, resultFile } }) => `import json, time, urllib.request, uuid

SERVER = "${server}"
HEADERS = {"Authorization": "Bearer ${key}"}


def ask(path, body=None, headers={}):
    request = urllib.request.Request(SERVER + path, data=body, headers={**HEADERS, **headers})
    with urllib.request.urlopen(request) as answer:
        return answer.read()


# ${comments.send}
boundary = uuid.uuid4().hex
with open("${recordingFile}", "rb") as file:
    form = b"\\r\\n".join([
        f"--{boundary}".encode(),
        b'Content-Disposition: form-data; name="source"; filename="${recordingFile}"\\r\\n',
        file.read(),
        f"--{boundary}".encode(),
        b'Content-Disposition: form-data; name="voice"\\r\\n',
        b"${voice}",
        f"--{boundary}--\\r\\n".encode(),
    ])
kind = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
job = json.loads(ask("/api/convert", form, kind))

# ${comments.wait}
while job["status"] in ("queued", "active"):
    time.sleep(1)
    job = json.loads(ask(f"/api/jobs/{job['id']}"))
if job["status"] != "done":
    raise SystemExit(job["error"] or job["status"])

# ${comments.fetch}
with open("${resultFile}", "wb") as file:
    file.write(ask(f"/api/jobs/{job['id']}/result"))
`,
};
