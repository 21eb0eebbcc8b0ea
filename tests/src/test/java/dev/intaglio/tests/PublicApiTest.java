package dev.intaglio.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What users and generated emitters are compiled against stands in a file, so that whoever changes it sees that he does; run with
 * {@code -Dgolden=bless} to take the change.
 */
class PublicApiTest {
    private static final Set<String> PACKAGES = Set.of("dev.intaglio.runtime", "dev.intaglio.dsl");
    private static final Path FILE = Path.of("src", "test", "resources", "api.txt");

    @Test
    void theApiIsWhatTheFileSays() throws IOException {
        String now = api().stream()
                .sorted(Comparator.comparing(Class::getName))
                .map(PublicApiTest::text)
                .collect(Collectors.joining("\n"));
        if ("bless".equals(System.getProperty("golden"))) {
            Files.writeString(FILE, now);
        }
        assertThat(Files.readString(FILE))
                .as("what stands here and not there broke somebody's build, or is new; -Dgolden=bless takes it")
                .isEqualTo(now);
    }

    /** The public types of the packages that are API, and those of others that they mention. */
    private static Set<Class<?>> api() {
        Deque<Class<?>> found = new ArrayDeque<>();
        new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .importPackages("dev.intaglio.runtime", "dev.intaglio.dsl")
                        .stream()
                        .filter(type -> PACKAGES.contains(type.getPackageName()))
                        .map(JavaClass::reflect)
                        .filter(PublicApiTest::isPublic)
                        .forEach(found::add);
        Set<Class<?>> api = new HashSet<>();
        while (!found.isEmpty()) {
            Class<?> type = found.remove();
            if (api.add(type)) {
                mentioned(type)
                        .filter(other -> other.getName().startsWith("dev.intaglio.") && isPublic(other))
                        .forEach(found::add);
            }
        }
        return api;
    }

    private static Stream<Class<?>> mentioned(Class<?> type) {
        Stream<Class<?>> fields = Arrays.stream(type.getDeclaredFields())
                .filter(PublicApiTest::isMember)
                .map(Field::getType);
        Stream<Class<?>> methods = Arrays.stream(type.getDeclaredMethods())
                .filter(PublicApiTest::isMember)
                .flatMap(method ->
                        Stream.concat(Arrays.stream(method.getParameterTypes()), Stream.of(method.getReturnType())));
        return Stream.concat(fields, methods);
    }

    private static boolean isPublic(Class<?> type) {
        for (Class<?> outer = type; outer != null; outer = outer.getDeclaringClass()) {
            if (!isVisible(outer.getModifiers())) {
                return false;
            }
        }
        return !type.isAnonymousClass() && !type.isLocalClass();
    }

    private static boolean isVisible(int modifiers) {
        return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
    }

    private static String text(Class<?> type) {
        TreeSet<String> members = new TreeSet<>();
        for (Class<?> from = type; from != null; from = hiddenParent(from)) {
            addMembers(from, members);
        }
        for (Constructor<?> constructor : type.getDeclaredConstructors()) {
            if (isMember(constructor)) {
                members.add(modifiers(constructor) + type.getSimpleName() + parameters(constructor));
            }
        }
        String kind = type.isAnnotation() ? "" : type.isInterface() ? "" : type.isRecord() ? "record " : "class ";
        StringBuilder text = new StringBuilder(
                Modifier.toString(type.getModifiers()) + " " + kind + type.getName() + parents(type) + "\n");
        members.forEach(member -> text.append("    ").append(member).append('\n'));
        return text.toString();
    }

    /** The superclass, where nobody sees it: what it declares is its subclass's. */
    private static Class<?> hiddenParent(Class<?> type) {
        Class<?> parent = type.getSuperclass();
        boolean isOurs = parent != null && parent.getName().startsWith("dev.intaglio.");
        return isOurs && !isPublic(parent) ? parent : null;
    }

    private static void addMembers(Class<?> type, Set<String> members) {
        for (Field field : type.getDeclaredFields()) {
            if (isMember(field)) {
                members.add(modifiers(field) + name(field.getGenericType()) + " " + field.getName());
            }
        }
        for (Method method : type.getDeclaredMethods()) {
            if (isMember(method)) {
                members.add(modifiers(method) + name(method.getGenericReturnType()) + " " + method.getName()
                        + parameters(method));
            }
        }
    }

    private static boolean isMember(Member member) {
        return isVisible(member.getModifiers()) && !member.isSynthetic();
    }

    private static String modifiers(Member member) {
        int shown = member.getModifiers() & ~(Modifier.SYNCHRONIZED | Modifier.TRANSIENT | Modifier.VOLATILE);
        String text = Modifier.toString(shown);
        return text.isEmpty() ? "" : text + " ";
    }

    private static String parents(Class<?> type) {
        Class<?> parent = type.getSuperclass();
        String text = parent == null || parent == Object.class || parent == Record.class || hiddenParent(type) != null
                ? ""
                : " extends " + name(type.getGenericSuperclass());
        String interfaces = Arrays.stream(type.getGenericInterfaces())
                .map(PublicApiTest::name)
                .collect(Collectors.joining(", "));
        return text + (interfaces.isEmpty() ? "" : " : " + interfaces);
    }

    private static String parameters(Executable executable) {
        String thrown = Arrays.stream(executable.getGenericExceptionTypes())
                .map(PublicApiTest::name)
                .collect(Collectors.joining(", "));
        return Arrays.stream(executable.getGenericParameterTypes())
                        .map(PublicApiTest::name)
                        .collect(Collectors.joining(", ", "(", ")"))
                + (thrown.isEmpty() ? "" : " throws " + thrown);
    }

    private static String name(java.lang.reflect.Type type) {
        return type.getTypeName().replace("java.lang.", "").replace("java.util.", "");
    }
}
