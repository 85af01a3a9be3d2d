// The application: it answers what the target asks for, /app?s=200&k=5&a=0&h=Name:value.
const PAUSE_MS = 15;

export default function app(request, response) {
    const query = new URL(request.url, "http://a").searchParams;
    response.statusCode = Number(query.get("s") ?? 200);
    const fields = new Map();
    for (const text of query.getAll("h")) {
        const colon = text.indexOf(":");
        const name = text.slice(0, colon);
        const values = fields.get(name.toLowerCase()) ?? [name];
        fields.set(name.toLowerCase(), [...values, text.slice(colon + 1)]);
    }
    for (const [name, ...values] of fields.values()) {
        response.setHeader(name, values.length > 1 ? values : values[0]);
    }
    const answer = () => reply(response, query);
    const after = Number(query.get("a") ?? 0);
    if (after > 0) {
        setTimeout(answer, after);
    } else {
        answer();
    }
}

function reply(response, query) {
    if (query.has("t")) {
        stream(response, Number(query.get("t")));
    } else if (query.has("e")) {
        response.end();
    } else {
        const bytes = Number(query.get("k") ?? 5);
        if (!response.hasHeader("Content-Length")) {
            response.setHeader("Content-Length", bytes);
        }
        response.end(Buffer.alloc(bytes, "x"));
    }
}

// Two pieces, each by itself; nobody knows how many bytes there will be.
function stream(response, bytes) {
    const half = Math.floor(bytes / 2);
    const pieces = [half, bytes - half].filter((piece) => piece > 0);
    const next = () => {
        const piece = pieces.shift();
        if (piece === undefined) {
            response.end();
        } else {
            response.write(Buffer.alloc(piece, "x"));
            setTimeout(next, PAUSE_MS);
        }
    };
    response.flushHeaders();
    setTimeout(next, PAUSE_MS);
}
