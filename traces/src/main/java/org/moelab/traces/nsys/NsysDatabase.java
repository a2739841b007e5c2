package org.moelab.traces.nsys;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import org.moelab.traces.TraceReadException;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/// A SQLite file opened so that nothing is ever written, not even a journal beside it.
///
/// Exporters make tables lazily and change columns between versions, so a scan takes what is there: absent columns read
/// as NULL, an absent table has no rows. Where the file is damaged a scan ends early and the table is noted in
/// [#damage()].
final class NsysDatabase implements AutoCloseable {
    private final Path file;
    private final Connection connection;
    private final Map<String, Set<String>> columns;
    private final List<String> tables;
    private final Map<String, Long> damage = new LinkedHashMap<>();

    private NsysDatabase(Path file, Connection connection, Map<String, Set<String>> columns) {
        this.file = file;
        this.connection = connection;
        this.columns = columns;
        this.tables = List.copyOf(columns.keySet());
    }

    /// Opens a database file.
    ///
    /// @param named the file as the user named it, for messages
    /// @param database the SQLite file itself: the same, or its unpacked copy
    /// @throws TraceReadException where it is no readable SQLite database
    static NsysDatabase open(Path named, Path database) throws TraceReadException {
        try {
            Connection connection = connect(database);
            try {
                return new NsysDatabase(named, connection, catalog(connection));
            } catch (SQLException e) {
                connection.close();
                throw e;
            }
        } catch (SQLException e) {
            throw new TraceReadException(named, "the database cannot be read: " + reason(e), e);
        }
    }

    private static Connection connect(Path database) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setReadOnly(true);
        String uri = "file:" + database.toAbsolutePath().toUri().getRawPath() + "?mode=ro&immutable=1";
        return DriverManager.getConnection("jdbc:sqlite:" + uri, config.toProperties());
    }

    /// Table names in alphabetical order, each with its columns.
    private static Map<String, Set<String>> catalog(Connection connection) throws SQLException {
        try {
            return readCatalog(connection);
        } catch (SQLiteException e) {
            if (!isDamage(e)) {
                throw e;
            }
            // a file shorter than its header says is refused as a whole, unless the schema may be inconsistent too
            try (Statement s = connection.createStatement()) {
                s.execute("PRAGMA writable_schema=ON");
            }
            return readCatalog(connection);
        }
    }

    private static Map<String, Set<String>> readCatalog(Connection connection) throws SQLException {
        Map<String, Set<String>> catalog = new TreeMap<>();
        try (Statement s = connection.createStatement();
                ResultSet r = s.executeQuery("SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c"
                        + " WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'")) {
            while (r.next()) {
                catalog.computeIfAbsent(r.getString(1), _ -> new LinkedHashSet<>()).add(r.getString(2));
            }
        }
        return catalog;
    }

    /// The file as the user named it.
    Path file() {
        return file;
    }

    /// All tables in alphabetical order. The position of a table in this list is its number in an event's source.
    List<String> tables() {
        return tables;
    }

    boolean has(String table) {
        return columns.containsKey(table);
    }

    boolean has(String table, String column) {
        return columns.getOrDefault(table, Set.of()).contains(column);
    }

    /// The columns of a table in their own order.
    List<String> columns(String table) {
        return List.copyOf(columns.getOrDefault(table, Set.of()));
    }

    /// About how many rows a table has: its largest rowid, 0 where the table is absent or cannot be read.
    long rows(String table) throws SQLException {
        return has(table) ? single("SELECT max(rowid) FROM " + quoted(table)) : 0;
    }

    private long single(String sql) throws SQLException {
        try (Statement s = connection.createStatement(); ResultSet r = s.executeQuery(sql)) {
            return r.next() ? r.getLong(1) : 0;
        } catch (SQLiteException e) {
            if (isDamage(e)) {
                return 0;
            }
            throw e;
        }
    }

    /// Reads columns of a table in the order of its rows.
    Rows scan(String table, String... wanted) throws SQLException {
        return query(table, "", wanted);
    }

    /// Reads columns of those rows for which a condition holds. A condition may only use columns that are there.
    Rows query(String table, String condition, String... wanted) throws SQLException {
        if (!has(table)) {
            return Rows.none();
        }
        List<String> selected = new ArrayList<>();
        selected.add("rowid");
        for (String column : wanted) {
            selected.add(has(table, column) ? quoted(column) : "NULL");
        }
        String sql = "SELECT " + String.join(", ", selected) + " FROM " + quoted(table)
                + (condition.isEmpty() ? "" : " WHERE " + condition);
        Statement statement = connection.createStatement();
        try {
            return new Rows(this, table, wanted, statement, statement.executeQuery(sql));
        } catch (SQLiteException e) {
            statement.close();
            if (isDamage(e)) {
                damaged(table, 0);
                return Rows.none();
            }
            throw e;
        }
    }

    /// The statement that made a table, or the empty string. Its comments name what an id refers to.
    String definition(String table) throws SQLException {
        try (var s = connection.prepareStatement("SELECT sql FROM sqlite_master WHERE name = ?")) {
            s.setString(1, table);
            try (ResultSet r = s.executeQuery()) {
                return r.next() ? r.getString(1) : "";
            }
        }
    }

    /// Tables whose end could not be read, each with the number of rows read before that.
    Map<String, Long> damage() {
        return damage;
    }

    void damaged(String table, long rowsRead) {
        damage.merge(table, rowsRead, Math::max);
    }

    static boolean isDamage(SQLiteException e) {
        return switch (SQLiteErrorCode.getErrorCode(e.getResultCode().code & 0xFF)) {
            case SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_IOERR -> true;
            default -> false;
        };
    }

    /// What SQLite says, without the driver's decoration.
    static String reason(SQLException e) {
        String message = String.valueOf(e.getMessage());
        int open = message.indexOf('(');
        return message.startsWith("[SQLITE_") && message.endsWith(")") && open > 0
                ? message.substring(open + 1, message.length() - 1)
                : message;
    }

    private static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
