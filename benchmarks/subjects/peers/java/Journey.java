import com.zaxxer.hikari.*;
import java.util.*;
import java.util.concurrent.*;
import java.util.function.Function;
import javax.sql.DataSource;

/** The journeys that the Java peers are given, and the clock. One instance = start + 4 completed user tasks (5 transactions), default history, no events. */
public class Journey {
    /** An engine whose tables are made and whose process is deployed. */
    interface Engine {
        /** One case, from its start to its end. */
        void live(Map<String, Object> variables);
        /** How many cases have their route. */
        long routed();
    }
    /** args: instances warmUps threads; PEER_URL, PEER_USER, PEER_PASSWORD in the environment. */
    static void measure(String[] a, Function<DataSource, Engine> build) throws Exception {
        int n = Integer.parseInt(a[0]), warmUps = Integer.parseInt(a[1]), threads = Integer.parseInt(a[2]);
        Map<String, String> env = System.getenv();
        HikariConfig h = new HikariConfig();
        h.setJdbcUrl("jdbc:" + env.get("PEER_URL")); h.setUsername(env.get("PEER_USER")); h.setPassword(env.get("PEER_PASSWORD"));
        h.setMaximumPoolSize(2 * threads);
        Engine e = build.apply(new HikariDataSource(h));
        run(e, warmUps, threads);                   // of the JVM and the caches
        System.out.println("MEASURING");
        long t = System.nanoTime();
        long[] lat = run(e, n, threads);
        double s = (System.nanoTime() - t) / 1e9;
        System.out.printf(Locale.ROOT, "RESULT {\"journeys_s\": %.2f, \"p50_ms\": %.2f, \"p99_ms\": %.2f}%n", n / s, at(lat, 50), at(lat, 99));
        System.in.read();                           // what this process took is read before it ends
        long done = e.routed();
        if (done != n + warmUps) throw new IllegalStateException("routed " + done);
        System.exit(0);
    }
    private static double at(long[] lat, int percent) { Arrays.sort(lat); return lat[Math.min(lat.length - 1, lat.length * percent / 100)] / 1e6; }
    private static long[] run(Engine e, int n, int threads) throws Exception {
        var pool = Executors.newFixedThreadPool(threads);
        long[] lat = new long[n];
        int[] costs = {900, 12000, 80000};
        List<Future<?>> fs = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            int k = i;
            fs.add(pool.submit(() -> {
                long t = System.nanoTime();
                Map<String, Object> v = new HashMap<>();
                v.put("title", "Imaging viewer"); v.put("department", "radiology"); v.put("cost", costs[k % 3]); v.put("passed", true);
                e.live(v);
                lat[k] = System.nanoTime() - t;
            }));
        }
        for (var f : fs) f.get();
        pool.shutdown();
        return lat;
    }
}
