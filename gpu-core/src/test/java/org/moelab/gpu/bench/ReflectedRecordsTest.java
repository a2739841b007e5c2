package org.moelab.gpu.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.DatabindException;
import tools.jackson.databind.json.JsonMapper;

class ReflectedRecordsTest {
    private static final JsonMapper USUAL = JsonMapper.builder().build();
    private static final JsonMapper REFLECTED = JsonMapper.builder().addModule(new ReflectedRecords()).build();

    record Part(int number, double share) {
        Part {
            if (number < 0) {
                throw new IllegalArgumentException("a number below 0");
            }
        }
    }

    record Whole(String name, Optional<Double> rate, List<Part> parts, boolean done) {
        Whole {
            parts = List.copyOf(parts);
        }
    }

    @Test
    void record_ofRecords_isAsByMethodHandles() {
        String json = "{\"name\":\"a\",\"rate\":2.5,\"parts\":[{\"number\":1,\"share\":0.5},{\"number\":2}],\"done\":true}";

        Whole read = REFLECTED.readValue(json, Whole.class);

        assertThat(read).isEqualTo(USUAL.readValue(json, Whole.class)).isEqualTo(
                new Whole("a", Optional.of(2.5), List.of(new Part(1, 0.5), new Part(2, 0)), true));
    }

    @Test
    void record_thatRefuses_isToldAsByMethodHandles() {
        String json = "{\"name\":\"a\",\"rate\":null,\"parts\":[{\"number\":-1,\"share\":1}],\"done\":false}";

        assertThatThrownBy(() -> REFLECTED.readValue(json, Whole.class)).isInstanceOfSatisfying(
                DatabindException.class, refusal -> assertThat(ReportJson.describe(refusal))
                        .isEqualTo("parts[0]: a number below 0").isEqualTo(described(json)));
    }

    @Test
    void record_withNullInList_keepsTheCause() {
        String json = "{\"name\":\"a\",\"rate\":1,\"parts\":[null],\"done\":false}";

        assertThatThrownBy(() -> REFLECTED.readValue(json, Whole.class)).isInstanceOfSatisfying(
                DatabindException.class,
                refusal -> assertThat(ReportJson.describe(refusal)).contains("null in a list")
                        .isEqualTo(described(json)));
    }

    private static String described(String json) {
        try {
            USUAL.readValue(json, Whole.class);
            return "";
        } catch (DatabindException e) {
            return ReportJson.describe(e);
        }
    }
}
