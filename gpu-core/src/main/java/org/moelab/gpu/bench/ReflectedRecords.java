package org.moelab.gpu.bench;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.util.Objects;

import tools.jackson.core.JacksonException;
import tools.jackson.core.Version;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JacksonModule;
import tools.jackson.databind.deser.ValueInstantiator;
import tools.jackson.databind.deser.ValueInstantiators;
import tools.jackson.databind.deser.std.StdValueInstantiator;

/// Has Jackson make records by reflection. By itself it makes them by method handles, for which Java spins classes of each
/// shape of constructor: of a `run.json` more than a hundred, which took longer than reading it.
public final class ReflectedRecords extends JacksonModule {
    @Override
    public String getModuleName() {
        return ReflectedRecords.class.getName();
    }

    @Override
    public Version version() {
        return Version.unknownVersion();
    }

    @Override
    public void setupModule(SetupContext context) {
        context.addValueInstantiators(new ValueInstantiators.Base() {
            @Override
            public ValueInstantiator modifyValueInstantiator(DeserializationConfig config,
                    BeanDescription.Supplier type, ValueInstantiator usual) {
                return type.getBeanClass().isRecord() && usual instanceof StdValueInstantiator std
                        && std.getWithArgsCreator() != null
                        && std.getWithArgsCreator().getAnnotated() instanceof Constructor<?> constructor
                                ? new ByConstructor(std, constructor)
                                : usual;
            }
        });
    }

    private static final class ByConstructor extends StdValueInstantiator {
        private final transient Constructor<?> constructor;

        ByConstructor(StdValueInstantiator usual, Constructor<?> constructor) {
            super(usual);
            this.constructor = constructor;
        }

        @Override
        public Object createFromObjectWith(DeserializationContext context, Object[] components)
                throws JacksonException {
            try {
                return constructor.newInstance(components);
            } catch (InvocationTargetException e) {
                return refused(context, components, Objects.requireNonNullElse(e.getCause(), e));
            } catch (ReflectiveOperationException | IllegalArgumentException e) {
                return refused(context, components, e);
            }
        }

        private Object refused(DeserializationContext context, Object[] components, Throwable why) {
            return context.handleInstantiationProblem(getValueClass(), components, rewrapCtorProblem(context, why));
        }
    }
}
