// Asks for one address and prints the names of the headers that come back; run as `java Canary.java URL`.

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;

public class Canary {
    public static void main(String[] given) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(given[0])).build();
        var answer = HttpClient.newHttpClient().send(request, BodyHandlers.discarding());
        System.out.println(answer.headers().map().keySet());
    }
}
