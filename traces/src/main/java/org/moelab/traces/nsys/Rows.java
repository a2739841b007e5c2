package org.moelab.traces.nsys;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteException;

/// A cursor over rows of one table. Columns that the table lacks read as NULL.
final class Rows implements AutoCloseable {
    private static final Rows NONE = new Rows();

    private final @Nullable NsysDatabase database;
    private final String table;
    private final @Nullable Statement statement;
    private final @Nullable ResultSet result;
    private final Map<String, Integer> positions = new HashMap<>();
    private long read;

    private Rows() {
        database = null;
        table = "";
        statement = null;
        result = null;
    }

    /// @param columns the names of the result's columns from the second on; the first is the rowid
    Rows(NsysDatabase database, String table, String[] columns, Statement statement, ResultSet result) {
        this.database = database;
        this.table = table;
        this.statement = statement;
        this.result = result;
        for (String column : columns) {
            positions.put(column, positions.size() + 2);
        }
    }

    /// A cursor without rows.
    static Rows none() {
        return NONE;
    }

    /// Goes to the next row. Where the file is damaged, this is the end of the table, and the database notes it.
    boolean next() throws SQLException {
        if (result == null || database == null) {
            return false;
        }
        try {
            boolean more = result.next();
            read += more ? 1 : 0;
            return more;
        } catch (SQLiteException e) {
            if (!NsysDatabase.isDamage(e)) {
                throw e;
            }
            database.damaged(table, read);
            return false;
        }
    }

    /// The table that is read.
    String table() {
        return table;
    }

    long rowid() throws SQLException {
        return current().getLong(1);
    }

    boolean isNull(String column) throws SQLException {
        return current().getObject(position(column)) == null;
    }

    /// A whole number, 0 where it is NULL.
    long number(String column) throws SQLException {
        return current().getLong(position(column));
    }

    /// A whole number, or `absent` where it is NULL.
    long number(String column, long absent) throws SQLException {
        long value = current().getLong(position(column));
        return value == 0 && current().wasNull() ? absent : value;
    }

    /// A number that fits 32 bits, 0 where it is NULL.
    int small(String column) throws SQLException {
        return current().getInt(position(column));
    }

    /// A number with a fraction, 0 where it is NULL.
    double real(String column) throws SQLException {
        return current().getDouble(position(column));
    }

    /// A text, the empty string where it is NULL.
    String text(String column) throws SQLException {
        String text = current().getString(position(column));
        return text == null ? "" : text;
    }

    /// The value as SQLite stores it, empty where it is NULL.
    Optional<Object> value(String column) throws SQLException {
        return Optional.ofNullable(current().getObject(position(column)));
    }

    private int position(String column) {
        Integer position = positions.get(column);
        if (position == null) {
            throw new IllegalArgumentException("column " + column + " was not asked for");
        }
        return position;
    }

    private ResultSet current() {
        if (result == null) {
            throw new IllegalStateException("no row to read");
        }
        return result;
    }

    @Override
    public void close() throws SQLException {
        if (statement != null) {
            statement.close();
        }
    }
}
