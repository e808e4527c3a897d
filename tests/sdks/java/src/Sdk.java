import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.protocols.jsoncore.JsonNode;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sts.StsClient;

/**
 * What a login does, with the AWS SDK for Java 2.
 *
 * <p>Reads a request a line from stdin and writes an answer a line to stdout, both JSON;
 * tests/sdks/programs.py describes them.
 */
public class Sdk {
    public static void main(String[] arguments) throws Exception {
        var lines = new BufferedReader(new InputStreamReader(System.in));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            Map<String, Object> said;
            try {
                said = carryOut(new Request(JsonNode.parser().parse(line)));
            } catch (AwsServiceException refused) {
                var details = refused.awsErrorDetails();
                said = Map.of("code", details.errorCode(), "message", String.valueOf(details.errorMessage()));
            } catch (RuntimeException error) {
                var type = error.getClass().getSimpleName();
                said = Map.of("error", type, "message", String.valueOf(error.getMessage()));
            }
            System.out.println(json(said));
        }
    }

    /** Calls the operation as often as asked with one client; the last answer counts. */
    static Map<String, Object> carryOut(Request asked) {
        Supplier<Map<String, Object>> call = operation(asked);
        Map<String, Object> said = Map.of();
        for (int i = 0; i < asked.times(); i++) {
            said = call.get();
        }
        return said;
    }

    static Supplier<Map<String, Object>> operation(Request asked) {
        switch (asked.text("operation")) {
            case "GetCallerIdentity": {
                var client = StsClient.builder().credentialsProvider(asked.credentials()).build();
                return () -> Map.of("arn", client.getCallerIdentity().arn());
            }
            case "GetSessionToken": {
                var client = StsClient.builder().credentialsProvider(asked.credentials()).build();
                return () -> {
                    var made = client.getSessionToken(session -> session
                            .serialNumber(asked.text("serial"))
                            .tokenCode(asked.text("code"))
                            .durationSeconds(asked.number("duration"))).credentials();
                    return Map.of("credentials",
                            List.of(made.accessKeyId(), made.secretAccessKey(), made.sessionToken()));
                };
            }
            case "GetUser": {
                var client = IamClient.builder().credentialsProvider(asked.credentials()).build();
                return () -> Map.of("arn", client.getUser().user().arn());
            }
            case "ListBuckets": {
                var client = S3Client.builder().credentialsProvider(asked.credentials()).build();
                return () -> {
                    client.listBuckets();
                    return Map.of();
                };
            }
            default:
                throw new IllegalArgumentException("no such operation: " + asked.text("operation"));
        }
    }

    /** Writes what the answers are made of: objects, lists and texts. */
    static String json(Object value) {
        if (value instanceof Map<?, ?> object) {
            return object.entrySet().stream()
                    .map(entry -> json(entry.getKey()) + ": " + json(entry.getValue()))
                    .collect(Collectors.joining(", ", "{", "}"));
        }
        if (value instanceof List<?> list) {
            return list.stream().map(Sdk::json).collect(Collectors.joining(", ", "[", "]"));
        }
        return value.toString().chars()
                .mapToObj(c -> c < ' ' || c == '"' || c == '\\' ? String.format("\\u%04x", c) : Character.toString(c))
                .collect(Collectors.joining("", "\"", "\""));
    }

    /** One line of the input; what it leaves out is null. */
    record Request(JsonNode line) {
        String text(String name) {
            return line.field(name).map(JsonNode::text).orElse(null);
        }

        Integer number(String name) {
            return line.field(name).map(node -> Integer.valueOf(node.asNumber())).orElse(null);
        }

        int times() {
            return number("times");
        }

        AwsCredentialsProvider credentials() {
            if (line.field("credentials").isEmpty()) {
                return DefaultCredentialsProvider.builder().profileName(text("profile")).build();
            }
            List<String> given = line.field("credentials").get().asArray().stream().map(JsonNode::text).toList();
            return StaticCredentialsProvider.create(given.get(2).isEmpty()
                    ? AwsBasicCredentials.create(given.get(0), given.get(1))
                    : AwsSessionCredentials.create(given.get(0), given.get(1), given.get(2)));
        }
    }
}
