package org.moelab.gpu.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;

import org.junit.jupiter.api.Test;
import org.moelab.gpu.host.CpuSet;

class ThreadAffinityTest {
    @Test
    void mask_ofAnyProcessors_unpacksToThem() {
        CpuSet cpus = CpuSet.parse("0,7-8,63-65,1000,8191");
        try (Arena arena = Arena.ofConfined()) {
            assertThat(ThreadAffinity.unpack(ThreadAffinity.pack(cpus, arena))).isEqualTo(cpus);
        }
    }

    @Test
    void thread_bound_runsOnOneProcessorUntilTheBindingIsClosed() throws CudaUnavailableException {
        CpuSet before = ThreadAffinity.current();
        CpuSet one = new CpuSet(Set.of(before.cpus().iterator().next()));
        try (ThreadAffinity _ = ThreadAffinity.bind(one)) {
            assertThat(ThreadAffinity.current()).isEqualTo(one);
        }
        assertThat(ThreadAffinity.current()).isEqualTo(before);
    }

    @Test
    void binding_closedOnAnotherThread_restoresTheOneThatWasBound()
            throws CudaUnavailableException, InterruptedException, ExecutionException {
        CpuSet before = ThreadAffinity.current();
        ThreadAffinity binding = ThreadAffinity.bind(new CpuSet(Set.of(before.cpus().iterator().next())));
        try (ExecutorService other = Executors.newSingleThreadExecutor()) {
            other.submit(binding::close).get();
        }
        assertThat(ThreadAffinity.current()).isEqualTo(before);
    }

    @Test
    void bind_toAProcessorThatIsNotThere_isRefusedAndChangesNothing() throws CudaUnavailableException {
        CpuSet before = ThreadAffinity.current();
        assertThatThrownBy(() -> ThreadAffinity.bind(new CpuSet(Set.of(8191))))
                .isInstanceOf(CudaUnavailableException.class).hasMessageContaining("8191");
        assertThat(ThreadAffinity.current()).isEqualTo(before);
    }

    @Test
    void bind_ofAVirtualThread_isRefused() throws InterruptedException, ExecutionException, CudaUnavailableException {
        CpuSet cpus = ThreadAffinity.current();
        FutureTask<String> task = new FutureTask<>(() -> {
            try (ThreadAffinity _ = ThreadAffinity.bind(cpus)) {
                return "bound";
            } catch (CudaUnavailableException e) {
                return String.valueOf(e.getMessage());
            }
        });
        Thread.ofVirtual().start(task);
        assertThat(task.get()).contains("virtual");
    }
}
