# Sends the exchanges of a case, one after the other or each in a thread of its own.
import http.client
import json
import sys
import threading
import time


def paced(begin, exchange):
    time.sleep(max(0.0, begin + exchange["at"] / 1000 - time.monotonic()))


def failed(index):
    print("failed", index, flush=True)


def in_order(begin, exchanges, send):
    for index, exchange in enumerate(exchanges):
        paced(begin, exchange)
        try:
            send(exchange)
        except Exception:
            failed(index)


def body_of(exchange):
    return b"x" * exchange["body"] if exchange["body"] else None


def http_client(job, begin):
    connection = http.client.HTTPConnection("127.0.0.1", job["port"])
    if job["settings"].get("auto_open") == "0":
        connection.connect()
        connection.auto_open = 0

    def send(exchange):
        try:
            headers = dict(exchange["headers"])
            connection.request(exchange["method"], exchange["target"], body_of(exchange), headers)
            connection.getresponse().read()
        except Exception:
            # What a program does that goes on after an error.
            connection.close()
            raise

    in_order(begin, job["exchanges"], send)
    # A connection ends with the object that holds it.
    time.sleep(3600)


def with_requests(job, begin):
    import requests
    from requests.adapters import HTTPAdapter

    settings = job["settings"]
    session = None
    if settings.get("requests.Session", "yes") == "yes":
        session = requests.Session()
        session.trust_env = False
        names = ("pool_connections", "pool_maxsize", "max_retries")
        options = {name: int(settings[name]) for name in names if name in settings}
        options["pool_block"] = settings.get("pool_block") == "True"
        session.mount("http://", HTTPAdapter(**options))

    def send(exchange):
        url = "http://127.0.0.1:%d%s" % (job["port"], exchange["target"])
        call = session.request if session else requests.request
        headers = dict(exchange["headers"])
        call(exchange["method"], url, headers=headers, data=body_of(exchange), allow_redirects=False)

    def thread(index, exchange):
        paced(begin, exchange)
        try:
            send(exchange)
        except Exception:
            failed(index)

    for index, exchange in enumerate(job["exchanges"]):
        threading.Thread(target=thread, args=(index, exchange), daemon=True).start()
    # A pool ends with the session that holds it.
    time.sleep(3600)


# Numbers of curl's options, from curl/curl.h.
OPTIONS = {
    "CURLOPT_MAXCONNECTS": 71,
    "CURLOPT_FRESH_CONNECT": 74,
    "CURLOPT_FORBID_REUSE": 75,
    "CURLOPT_MAXAGE_CONN": 288,
    "CURLOPT_MAXLIFETIME_CONN": 314,
}
URL, NOBODY, POSTFIELDS, USERAGENT, HTTPHEADER = 10002, 44, 10015, 10018, 10023
CUSTOMREQUEST, POSTFIELDSIZE, HTTP_VERSION, NOSIGNAL, WRITEFUNCTION = 10036, 60, 84, 99, 20011
PROXY = 10004


def curl(job, begin):
    lib, ctypes = load_curl()
    handle = lib.curl_easy_init()
    sink = ctypes.CFUNCTYPE(ctypes.c_size_t, ctypes.c_void_p, ctypes.c_size_t, ctypes.c_size_t, ctypes.c_void_p)(
        lambda _data, size, count, _own: size * count
    )
    number = lambda option, value: lib.curl_easy_setopt(handle, option, ctypes.c_long(value))
    pointer = lambda option, value: lib.curl_easy_setopt(handle, option, value)

    def send(exchange):
        lib.curl_easy_reset(handle)
        number(NOSIGNAL, 1)
        pointer(WRITEFUNCTION, sink)
        pointer(PROXY, ctypes.c_char_p(b""))
        url = ctypes.c_char_p(b"http://127.0.0.1:%d%s" % (job["port"], exchange["target"].encode()))
        pointer(URL, url)
        settings = job["settings"]
        for name, option in OPTIONS.items():
            if name in settings:
                number(option, int(settings[name]))
        old = exchange["version"] == "HTTP/1.0"
        old = settings.get("--http1.0", "off") == "" or old and settings.get("--http1.1", "off") != ""
        number(HTTP_VERSION, 1 if old else 2)
        kept = method(exchange, number, pointer, ctypes)
        lines = None
        for name, value in exchange["headers"]:
            line = "%s: %s" % (name, value) if value else name + ";"
            lines = lib.curl_slist_append(lines, line.encode())
        if lines:
            pointer(HTTPHEADER, ctypes.c_void_p(lines))
        code = lib.curl_easy_perform(handle)
        lib.curl_slist_free_all(lines)
        del kept
        if code != 0:
            raise RuntimeError(code)

    in_order(begin, job["exchanges"], send)
    time.sleep(3600)


def method(exchange, number, pointer, ctypes):
    body = ctypes.create_string_buffer(b"x" * exchange["body"])
    name = ctypes.c_char_p(exchange["method"].encode())
    if exchange["method"] == "HEAD":
        number(NOBODY, 1)
        return body
    if exchange["body"] or exchange["method"] == "POST":
        number(POSTFIELDSIZE, exchange["body"])
        pointer(POSTFIELDS, ctypes.cast(body, ctypes.c_void_p))
    if exchange["method"] not in ("GET", "POST") or exchange["method"] == "GET" and exchange["body"]:
        pointer(CUSTOMREQUEST, name)
    return body, name


def load_curl():
    import ctypes

    lib = ctypes.CDLL("libcurl.so.4")
    lib.curl_easy_init.restype = ctypes.c_void_p
    lib.curl_slist_append.restype = ctypes.c_void_p
    lib.curl_slist_append.argtypes = [ctypes.c_void_p, ctypes.c_char_p]
    lib.curl_slist_free_all.argtypes = [ctypes.c_void_p]
    lib.curl_easy_perform.argtypes = [ctypes.c_void_p]
    lib.curl_easy_reset.argtypes = [ctypes.c_void_p]
    setopt = lib.curl_easy_setopt
    # Everything behind the option is passed as it comes.
    lib.curl_easy_setopt = lambda handle, option, value: setopt(ctypes.c_void_p(handle), option, value)
    return lib, ctypes


def main():
    product = sys.argv[1]
    sends = {"python-http-client": http_client, "python-requests": with_requests, "curl": curl}
    if product == "python-requests":
        import requests  # noqa: F401  (takes long the first time)
    if product == "curl":
        load_curl()
    print("ready", flush=True)
    job = json.loads(sys.stdin.readline())
    sends[product](job, time.monotonic())
    sys.stdin.read()


main()
