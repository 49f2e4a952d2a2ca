package io.github.taipan.gpu;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.ArrayAccessTree;
import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.BinaryTree;
import com.sun.source.tree.BlockTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.CompoundAssignmentTree;
import com.sun.source.tree.ForLoopTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.NewArrayTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.tree.ParenthesizedTree;
import com.sun.source.tree.StatementTree;
import com.sun.source.tree.ThrowTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.TryTree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.Name;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * Finds in the source of device code what TornadoVM 5.2 compiles to something else than Java means,
 * without a word, or to nothing. docs/gpu-kernels.md says what to write instead.
 */
final class KernelLint extends TreeScanner<Void, String> {
  /** Names that mean something to a backend: words of C, functions of OpenCL C and of CUDA. */
  private static final Set<String> TAKEN =
      Set.of(
          "abs",
          "acos",
          "add",
          "and",
          "asin",
          "atan",
          "barrier",
          "cbrt",
          "ceil",
          "clamp",
          "copy",
          "cos",
          "cross",
          "degrees",
          "distance",
          "div",
          "dot",
          "erf",
          "erfc",
          "exp",
          "exp2",
          "fabs",
          "fill",
          "float",
          "floor",
          "fma",
          "fmax",
          "fmin",
          "fmod",
          "global",
          "half",
          "hypot",
          "int",
          "isinf",
          "isnan",
          "kernel",
          "length",
          "local",
          "log",
          "log2",
          "mad",
          "max",
          "min",
          "mix",
          "mod",
          "mul",
          "nan",
          "norm",
          "normalize",
          "or",
          "pow",
          "printf",
          "private",
          "radians",
          "read",
          "remainder",
          "rint",
          "rotate",
          "round",
          "rsqrt",
          "select",
          "shuffle",
          "sigmoid",
          "sign",
          "sin",
          "sqrt",
          "step",
          "sub",
          "tan",
          "tanh",
          "trunc",
          "uniform",
          "vector",
          "wait",
          "write",
          "xor");

  /** Classes whose methods are not what they are in Java; TornadoMath has the ones that work. */
  private static final Set<String> CLASSES =
      Set.of("Math", "StrictMath", "Float", "Double", "Integer", "Long", "Arrays", "System");

  private final List<String> findings = new ArrayList<>();

  /** The variables that are arrays in the memory of a work-group. */
  private final Set<String> localArrays = new HashSet<>();

  private KernelLint() {}

  /** What is wrong with a source file, each finding with the method it is in. */
  static List<String> check(String source) {
    JavaFileObject file =
        new SimpleJavaFileObject(URI.create("string:///Kernels.java"), JavaFileObject.Kind.SOURCE) {
          @Override
          public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return source;
          }
        };
    KernelLint lint = new KernelLint();
    try {
      JavacTask task =
          (JavacTask)
              ToolProvider.getSystemJavaCompiler()
                  .getTask(null, null, null, null, null, List.of(file));
      for (CompilationUnitTree unit : task.parse()) {
        lint.scan(unit, "the class");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return lint.findings;
  }

  private void find(String method, String what) {
    findings.add(method + ": " + what);
  }

  @Override
  public Void visitMethod(MethodTree method, String outer) {
    String name = method.getName().toString();
    if (method.getReturnType() == null) {
      return null; // the constructor that nobody calls
    }
    // Helpers are inlined; a kernel keeps its name.
    localArrays.clear();
    if (TAKEN.contains(name) && method.getReturnType().toString().equals("void")) {
      find(name, "is a name that OpenCL or CUDA has taken");
    }
    if (!method.getModifiers().getFlags().contains(Modifier.STATIC)) {
      find(name, "is not static");
    }
    return super.visitMethod(method, name);
  }

  @Override
  public Void visitBinary(BinaryTree tree, String method) {
    if (tree.getKind() == Tree.Kind.UNSIGNED_RIGHT_SHIFT) {
      find(method, ">>> becomes a signed shift");
    }
    return super.visitBinary(tree, method);
  }

  @Override
  public Void visitCompoundAssignment(CompoundAssignmentTree tree, String method) {
    if (tree.getKind() == Tree.Kind.UNSIGNED_RIGHT_SHIFT_ASSIGNMENT) {
      find(method, ">>>= becomes a signed shift");
    }
    return super.visitCompoundAssignment(tree, method);
  }

  @Override
  public Void visitThrow(ThrowTree tree, String method) {
    find(method, "throw does not compile");
    return null;
  }

  @Override
  public Void visitTry(TryTree tree, String method) {
    find(method, "try does not compile");
    return null;
  }

  @Override
  public Void visitLambdaExpression(LambdaExpressionTree tree, String method) {
    find(method, "a lambda does not compile");
    return null;
  }

  @Override
  public Void visitNewClass(NewClassTree tree, String method) {
    find(method, "new objects do not compile");
    return super.visitNewClass(tree, method);
  }

  @Override
  public Void visitNewArray(NewArrayTree tree, String method) {
    if (tree.getDimensions().size() != 1) {
      find(method, "an array has one dimension and no initialiser, or its values are wrong");
    } else if (!isConstant(tree.getDimensions().getFirst())) {
      find(method, "a private array has a constant size, or it is not one");
    }
    return super.visitNewArray(tree, method);
  }

  /** A literal, a constant by its name, or a product or sum of such. */
  private static boolean isConstant(Tree size) {
    return switch (size) {
      case LiteralTree _ -> true;
      case IdentifierTree identifier -> isUpperCase(identifier.getName());
      case MemberSelectTree select -> isUpperCase(select.getIdentifier());
      case ParenthesizedTree inner -> isConstant(inner.getExpression());
      case BinaryTree both ->
          isConstant(both.getLeftOperand()) && isConstant(both.getRightOperand());
      default -> false;
    };
  }

  private static boolean isUpperCase(Name name) {
    return name.contentEquals(name.toString().toUpperCase(Locale.ROOT));
  }

  @Override
  public Void visitAnnotation(AnnotationTree tree, String method) {
    String name = tree.getAnnotationType().toString();
    if (name.equals("Reduce")) {
      find(method, "@Reduce gives wrong sums");
    }
    return null;
  }

  @Override
  public Void visitVariable(VariableTree variable, String method) {
    if (variable.getInitializer() instanceof MethodInvocationTree call
        && call.getMethodSelect().toString().endsWith("LocalArray")) {
      localArrays.add(variable.getName().toString());
    }
    return super.visitVariable(variable, method);
  }

  @Override
  public Void visitMethodInvocation(MethodInvocationTree tree, String method) {
    if (tree.getMethodSelect() instanceof MemberSelectTree select) {
      String owner = select.getExpression().toString();
      String name = select.getIdentifier().toString();
      if (CLASSES.contains(owner)) {
        find(method, "%s.%s is not what it is in Java: use TornadoMath".formatted(owner, name));
      }
      if (name.equals("atomicAdd")) {
        find(method, "atomic adds are added in any order");
      }
    }
    for (Tree argument : tree.getArguments()) {
      if (argument instanceof IdentifierTree && localArrays.contains(argument.toString())) {
        find(method, "a method that takes local array %s reads it elsewhere".formatted(argument));
      }
    }
    return super.visitMethodInvocation(tree, method);
  }

  /** Private arrays start with garbage: what first touches one has to be a loop that fills it. */
  @Override
  public Void visitBlock(BlockTree block, String method) {
    List<? extends StatementTree> statements = block.getStatements();
    for (int i = 0; i < statements.size(); i++) {
      if (statements.get(i) instanceof VariableTree variable
          && variable.getInitializer() instanceof NewArrayTree) {
        String name = variable.getName().toString();
        StatementTree first =
            statements.subList(i + 1, statements.size()).stream()
                .filter(statement -> mentions(statement, name))
                .findFirst()
                .orElse(null);
        if (first != null && !(first instanceof ForLoopTree && fills(first, name))) {
          find(method, "array %s is used before a loop has filled it".formatted(name));
        }
      }
    }
    return super.visitBlock(block, method);
  }

  private static boolean mentions(Tree tree, String name) {
    boolean[] found = {false};
    new TreeScanner<Void, Void>() {
      @Override
      public Void visitIdentifier(IdentifierTree identifier, Void unused) {
        found[0] |= identifier.getName().contentEquals(name);
        return null;
      }
    }.scan(tree, null);
    return found[0];
  }

  private static boolean fills(Tree tree, String name) {
    boolean[] found = {false};
    new TreeScanner<Void, Void>() {
      @Override
      public Void visitAssignment(AssignmentTree assignment, Void unused) {
        found[0] |=
            assignment.getVariable() instanceof ArrayAccessTree access
                && access.getExpression().toString().equals(name)
                && !mentions(assignment.getExpression(), name);
        return super.visitAssignment(assignment, null);
      }
    }.scan(tree, null);
    return found[0];
  }
}
