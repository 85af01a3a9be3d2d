import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** What is recorded of Java: `server PORT`, `url` or `net`. */
public class Recorded {
    public static void main(String[] arguments) throws Exception {
        if (arguments[0].equals("server")) {
            serve(Integer.parseInt(arguments[1]));
        } else {
            ask(arguments[0]);
        }
    }

    static void serve(int port) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0);
        // A request that does not come to its end holds a thread.
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/", Recorded::answer);
        server.start();
    }

    /** The target says what is wanted: `/app?s=200&k=5&a=0&h=Name:value`. */
    static void answer(HttpExchange exchange) throws IOException {
        int status = 200;
        long bytes = 5;
        char kind = 'k';
        String query = exchange.getRequestURI().getRawQuery();
        for (String pair : query == null ? new String[0] : query.split("&")) {
            String name = pair.split("=")[0];
            String value = URLDecoder.decode(pair.substring(name.length() + 1), StandardCharsets.UTF_8);
            switch (name) {
                case "s" -> status = Integer.parseInt(value);
                case "k", "t", "e" -> {
                    kind = name.charAt(0);
                    bytes = Long.parseLong(value);
                }
                case "a" -> pause(Long.parseLong(value));
                case "h" -> {
                    int colon = value.indexOf(':');
                    exchange.getResponseHeaders().add(value.substring(0, colon), value.substring(colon + 1));
                }
                default -> { }
            }
        }
        // Applications read what they are sent, unless it is about those that do not.
        if (System.getProperty("sun.net.httpserver.drainAmount") == null) {
            exchange.getRequestBody().readAllBytes();
        }
        boolean bodiless = exchange.getRequestMethod().equals("HEAD")
            || status < 200 || status == 204 || status == 304;
        boolean empty = kind == 'e' || kind == 'k' && bytes == 0;
        exchange.sendResponseHeaders(status, empty ? -1 : kind == 'k' ? bytes : 0);
        if (!bodiless && !empty) {
            try (OutputStream body = exchange.getResponseBody()) {
                byte[] text = "x".repeat((int) bytes).getBytes();
                if (kind == 't' && text.length > 1) {
                    body.write(text, 0, text.length / 2);
                    body.flush();
                    pause(15);
                    body.write(text, text.length / 2, text.length - text.length / 2);
                } else {
                    body.write(text);
                }
            }
        }
        exchange.close();
    }

    static void pause(long ms) {
        try {
            Thread.sleep(ms);
        } catch (InterruptedException error) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Reads lines `AT METHOD BODY NAME:VALUE...`, an empty line, and when everything is warm the port:
     * then the run begins. It ends when the input ends.
     */
    static void ask(String kind) throws Exception {
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in));
        List<String[]> lines = new ArrayList<>();
        for (String line = input.readLine(); line != null && !line.isEmpty(); line = input.readLine()) {
            lines.add(line.split("\t"));
        }
        HttpClient client = kind.equals("net") ? HttpClient.newHttpClient() : null;
        // Threads that wait to be used: what is opened at once shall be opened at once.
        ScheduledExecutorService threads = Executors.newScheduledThreadPool(lines.size() + 1);
        warm(client);
        for (int index = 0; index <= lines.size(); index++) {
            threads.submit(() -> pause(30));
        }
        pause(50);
        System.out.println("ready");
        System.out.flush();
        int port = Integer.parseInt(input.readLine().trim());
        for (int index = 0; index < lines.size(); index++) {
            String[] line = lines.get(index);
            String target = "http://127.0.0.1:" + port + "/" + index;
            threads.schedule(() -> one(client, target, line), Long.parseLong(line[0]), TimeUnit.MILLISECONDS);
        }
        while (input.readLine() != null) { }
        System.exit(0);
    }

    /** Loads what is needed, on a connection that is not kept. */
    static void warm(HttpClient client) throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread thread = new Thread(() -> {
                try (Socket one = socket.accept()) {
                    one.getInputStream().read(new byte[4096]);
                    one.getOutputStream().write(
                        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx".getBytes());
                    one.getInputStream().read();
                } catch (IOException error) {
                    // Then it is cold.
                }
            });
            thread.start();
            one(client, "http://127.0.0.1:" + socket.getLocalPort() + "/", new String[] {"0", "GET", "0"});
            thread.join(2000);
        }
    }

    static void one(HttpClient client, String target, String[] line) {
        int bytes = Integer.parseInt(line[2]);
        boolean sends = bytes > 0 || line[1].equals("POST");
        try {
            if (client != null) {
                HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(target));
                request.method(line[1], sends
                    ? HttpRequest.BodyPublishers.ofByteArray(new byte[bytes])
                    : HttpRequest.BodyPublishers.noBody());
                for (int at = 3; at < line.length; at++) {
                    String[] field = line[at].split(":", 2);
                    request.header(field[0], field[1]);
                }
                client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
                return;
            }
            HttpURLConnection connection =
                (HttpURLConnection) URI.create(target).toURL().openConnection();
            connection.setInstanceFollowRedirects(false);
            connection.setRequestMethod(line[1]);
            for (int at = 3; at < line.length; at++) {
                String[] field = line[at].split(":", 2);
                connection.addRequestProperty(field[0], field[1]);
            }
            if (sends) {
                connection.setDoOutput(true);
                try (OutputStream body = connection.getOutputStream()) {
                    body.write(new byte[bytes]);
                }
            }
            boolean failed = connection.getResponseCode() >= 400;
            boolean leaves = System.getProperty("sun.net.http.errorstream.enableBuffering") != null;
            if (!failed || !leaves) {
                try (InputStream body = failed ? connection.getErrorStream() : connection.getInputStream()) {
                    if (body != null) {
                        body.readAllBytes();
                    }
                }
            }
        } catch (IOException | InterruptedException | IllegalArgumentException error) {
            // The server has noted what came of it.
        }
    }
}
