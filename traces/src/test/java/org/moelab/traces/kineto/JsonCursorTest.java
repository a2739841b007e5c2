package org.moelab.traces.kineto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonCursorTest {
    private static JsonCursor cursor(String json) {
        byte[] text = json.getBytes(StandardCharsets.UTF_8);
        return new JsonCursor(Arrays.copyOf(text, text.length + JsonCursor.PADDING), 0, text.length);
    }

    @ParameterizedTest
    @CsvSource({ "0, 0", "1, 1000", "12.5, 12500", "88437691101.719, 88437691101719", "0.001, 1", "0.0004, 0",
            "0.0005, 1", "0.0015, 2", "1712195495505543.2, 1712195495505543200",
            "1661203462598738, 1661203462598738000",
            "-3.25, -3250", "-0.0005, -1", "1e3, 1000000", "1.5E-3, 2", "2.5e+2, 250000",
            "4611686018427387.903, 4611686018427387903", "1e-999999999, 0", "0e99999, 0" })
    void time_inMicroseconds_isExactInNanoseconds(String text, long nanoseconds) throws JsonFault {
        assertThat(cursor(text + ",").time()).isEqualTo(nanoseconds);
        assertThat(cursor('"' + text + "\",").time()).isEqualTo(nanoseconds);
    }

    @ParameterizedTest
    @ValueSource(strings = { "NaN", "Infinity", "-Infinity", "null", "true", "1e16", "4611686018427387.904",
            "99999999999999999999", "1e999999999", "\"\"", "\"soon\"", "[1]", "{\"a\": 1}", "1.2.3", "--1", "-" })
    void time_thatIsNone_isToldApartAndSkipped(String text) throws JsonFault {
        JsonCursor cursor = cursor(text + " ,");

        assertThat(cursor.time()).isEqualTo(JsonCursor.NO_TIME);
        assertThat(cursor.peek()).isEqualTo(',');
    }

    @ParameterizedTest
    @CsvSource({ "0, 0", "-1, -1", "18446744073709551615, -7", "9223372036854775807, -7", "999999999999999999, "
            + "999999999999999999", "4294967295, 4294967295", "7.0, 7", "1e3, 1000", "x, -7" })
    void wholeNumber_plainOrQuoted_isReadOrAbsent(String text, long value) throws JsonFault {
        assertThat(cursor('"' + text + "\",").wholeNumber(-7)).isEqualTo(value);
    }

    @ParameterizedTest
    @CsvSource({ "0, 0", "12, 12", "0.8861788617886179, 0.8861788617886179", "-2.5, -2.5", "1e-3, 0.001",
            "925.4252873563219, 925.4252873563219" })
    void number_ofAnyForm_isTheNearestDouble(String text, double value) throws JsonFault {
        assertThat(cursor(text + "}").number()).isEqualTo(value);
    }

    static Stream<Arguments> escapes() {
        return Stream.of(arguments("plain", "plain"), arguments("a\\\"b", "a\"b"), arguments("back\\\\", "back\\"),
                arguments("tab\\there", "tab\there"), arguments("\\u00e4\\u20AC", "ä€"),
                arguments("\\uD83D\\uDE00", "😀"), arguments("half \\uD83D!", "half \uFFFD!"),
                arguments("odd \\q \\u12", "odd q \\u12"), arguments("slash\\/", "slash/"), arguments("", ""),
                arguments("longer than one word \\n or two", "longer than one word \n or two"));
    }

    @ParameterizedTest
    @MethodSource("escapes")
    void string_withEscapes_readsAsTheTextMeant(String json, String text) throws JsonFault {
        JsonCursor cursor = cursor('"' + json + "\" ");
        cursor.string();

        assertThat(cursor.stringText()).isEqualTo(text);
        assertThat(cursor.atEnd()).isTrue();
    }

    @Test
    void string_withControlCharactersAndNulBytes_isReadToItsQuote() throws JsonFault {
        JsonCursor cursor = cursor("\"a\u0000b\nc\" ");
        cursor.string();

        assertThat(cursor.stringText()).isEqualTo("a\u0000b\nc");
    }

    @ParameterizedTest
    @ValueSource(strings = { "\"open", "\"open\\", "\"open\\\"", "{\"a\": [1, 2", "[[[[", "12", "tru", "" })
    void value_cutOff_isAFaultAtTheEnd(String text) {
        assertThatThrownBy(() -> cursor(text).skipValue()).isInstanceOfSatisfying(JsonFault.class,
                fault -> assertThat(fault.atEnd()).isTrue());
    }

    @Test
    void value_nestedAMillionDeep_isSkippedWithoutRecursion() throws JsonFault {
        String deep = "[".repeat(1_000_000) + "]".repeat(1_000_000);
        JsonCursor cursor = cursor(deep + ",");
        cursor.skipValue();

        assertThat(cursor.peek()).isEqualTo(',');
    }

    @Test
    void value_withBracketsAndQuotesInStrings_endsAtItsOwnBracket() throws JsonFault {
        JsonCursor cursor = cursor("{\"a]\": \"}\\\"]\", \"b\": [\"{\", 1]} rest");
        cursor.skipValue();

        assertThat(cursor.position()).isEqualTo("{\"a]\": \"}\\\"]\", \"b\": [\"{\", 1]}".length());
    }

    @Test
    void members_ofAnObject_comeInOrderWithDuplicates() throws JsonFault {
        List<String> seen = new ArrayList<>();
        JsonCursor cursor = cursor("{\"a\": 1, \"b\" : {\"c\": 2},\"a\":\"x\"}");
        cursor.forEachMember(name -> seen.add(name + "=" + cursor.scalar()));

        assertThat(seen).containsExactly("a=1", "b=", "a=x");
    }

    @Test
    void memberName_thatBeginsLikeAnother_isNotTakenForIt() throws JsonFault {
        assertThat(List.of(name("\"ts\":1 "), name("\"tst\":1 "), name("\"t\":1 "), name("\"External id\":1 "),
                name("\"External ids\":1 "), name("\"memory bandwidth (GB/s)\":1 "), name("\"device\" : 1 "),
                name("\"\":1 ")))
                .containsExactly(MemberName.TIME, MemberName.OTHER, MemberName.OTHER, MemberName.EXTERNAL_ID,
                        MemberName.OTHER, MemberName.BANDWIDTH, MemberName.DEVICE, MemberName.OTHER);
    }

    private static MemberName name(String json) throws JsonFault {
        return MemberName.read(cursor(json));
    }
}
