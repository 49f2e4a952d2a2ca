package io.github.taipan.tests.cli;

import io.github.taipan.tensor.Shape;
import io.github.taipan.vmambair.model.Task;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Command lines that ask for what cannot be. */
final class BadCommands {
  private static final String PRESETS =
      "sr4, realsr4, derain, sr4-paper, derain-paper, sr4-light, realsr4-light, derain-light";

  private BadCommands() {}

  static List<BadInput> rows() throws IOException {
    return Stream.of(
            misspelt(), models(), targets(), folders(), degradations(), BadTrainings.rows())
        .flatMap(List::stream)
        .toList();
  }

  /** What cannot be understood. */
  private static List<BadInput> misspelt() {
    String memory = "--memory is a number with k, m or g, such as 800m, got \"lots\"";
    return List.of(
        misspelt("", "Missing required subcommand"),
        misspelt("restoar a.png", "Unmatched arguments from index 0: 'restoar', 'a.png'"),
        misspelt("restore --modle x a.png", "Unknown option: '--modle'"),
        misspelt("restore", "Missing required parameter: 'IN'"),
        misspelt("evaluate --model x", "Missing required option: '--hr=DIR'"),
        misspelt("restore a --model", "Missing required parameter for option '--model' (MODEL)"),
        misspelt(
            "restore --threads two a", "Invalid value for option '--threads': 'two' is not an int"),
        misspelt("restore --threads 0 a", "--threads is from 1 to 1024, got 0"),
        misspelt("restore --memory lots a", memory),
        misspelt(
            "restore --region 0,0,9,9 a",
            "--region says what part --compare writes, which is not given"),
        misspelt(
            "restore --compare c --region 9 a",
            "--region: a region is LEFT,TOP,WIDTH,HEIGHT in pixels, got \"9\""),
        misspelt(
            "evaluate --hr h --measures psnr",
            "--measures: no measure is named \"psnr\": there are psnr-y, ssim-y, psnr-rgb, ssim-rgb,"
                + " lpips, dists"),
        misspelt(
            "evaluate --hr h --measures lpips",
            "lpips and dists need VGG-16's weights: give their file (--vgg16)"),
        misspelt(
            "evaluate --hr h --measures ssim-rgb --protocol derain-fork",
            "--measures: the deraining fork's SSIM of RGB is not known here: ssim-y is"),
        misspelt(
            "evaluate --hr h --rounded-y --protocol derain-fork",
            "--rounded-y and --protocol derain-fork contradict each other"),
        misspelt(
            "evaluate --hr h --protocol mine",
            "Invalid value for option '--protocol': expected..."),
        misspelt("evaluate --hr h --model a --model a", "each --model is given once, not a, a"),
        misspelt(
            "evaluate --hr h --model sr4 --model sr4-paper --weights w",
            "--weights is for one --model, there are 2"),
        misspelt(
            "evaluate --hr h --region 0,0,9,9",
            "--region says what --sheet shows, which is not given"),
        misspelt(
            "evaluate --hr h --sheet s --sheet-pictures 0",
            "--sheet-pictures is at least 1, got 0"),
        misspelt("inspect --size big", "--size is WIDTHxHEIGHT, such as 64x64, got big"),
        misspelt("inspect --size 60x0", "--size takes multiples of 8, got 60x0"),
        misspelt("kernels Selu 8", "no primitive is named \"Selu\": \"taipan kernels\" lists all"),
        misspelt(
            "kernels Silu 8y8",
            "\"8y8\" is no shape; write sizes with x between them, as in 1x64x64x48"),
        misspelt(
            "kernels Conv2d(1,x,1) 8",
            "\"Conv2d(1,x,1)\" is not understood: character 11 should begin a number instead of \"x\""),
        misspelt("kernels Silu 8 8", "Silu: takes 1 inputs, got [[8], [8]]"),
        misspelt("subimages p --out o --scales 1,2", "--scales are above 0 and at most 1, got 2"),
        misspelt("subimages p --out o --shortest 400", "--shortest 400 is less than a tile of 480"),
        misspelt(
            "subimages p --out o --scale 4", "--scale is positive, and goes with --pair, got 4"),
        misspelt(
            "subimages p --out o --pair q --scale 7",
            "--size and --step are multiples of --scale, got 480, 240"));
  }

  private static List<BadInput> models() {
    BadInput.Content configured =
        folder -> {
          TestFiles.tensor(folder.resolve("i.safetensors"), "input", Shape.of(1, 3, 8, 8));
          Files.writeString(folder.resolve("c.yaml"), BadConfigurations.SOUND);
          Files.writeString(
              folder.resolve("huge.yaml"),
              BadConfigurations.SOUND.replace("1", "100").replace("dim: 4", "dim: 1024"));
        };
    String unknown =
        "no model \"sr5\": shipped are sr4-light, derain-light, realsr4-light, realsr4-light-gan,"
            + " presets that take a file of weights are %s, and there is no such file";
    return List.of(
        failing("restore --model sr5 $a.png", unknown.formatted(PRESETS)),
        failing("inspect --model sr5", unknown.formatted(PRESETS)),
        failing(
            "restore --model sr5 --weights MODEL $a.png",
            "no preset is named \"sr5\": there are " + PRESETS),
        failing(
            "restore --model sr4 $a.png",
            "sr4 comes without weights: give a file of weights as well"),
        failing(
            "forward --config $c.yaml --input $i.safetensors --output $o.safetensors",
            configured,
            "--weights is missing: a file to load the network from"),
        failing(
            "forward --config $huge.yaml --weights MODEL --input $i.safetensors --output $o",
            configured,
            "model.safetensors: the checkpoint does not fit the network: 21483 missing..."),
        failing(
            "restore --model MODEL --device tpu $a.png",
            "no device is named \"tpu\": there are auto, cpu, gpu, reference"),
        failing("restore --model MODEL --device gpu $a.png", "device gpu is unavailable: ..."),
        failing(
            "restore --model MODEL --device cpu:1 $a.png", "there is one cpu device, so no cpu:1"),
        failing(
            "restore --model MODEL --device gpu:one $a.png",
            "no device is named \"gpu:one\": there are auto, cpu, gpu, reference"),
        failing(
            "inspect --size 99992x99992", "too many elements for one array: [1, 99992, 99992, 3]"),
        failing(
            "restore --model MODEL --memory 10k $a.png",
            "a picture of 12x10 does not fit into the memory, not even in tiles of 64 pixels: allow"
                + " more"));
  }

  private static List<BadInput> targets() throws IOException {
    byte[] clear = TestFiles.encode(new BufferedImage(8, 8, BufferedImage.TYPE_INT_ARGB), "png");
    String nowhere = " cannot be written: there is no such folder";
    return List.of(
        failing("restore --model MODEL -o $none/b.png $a.png", "none/b.png" + nowhere),
        failing("restore --model MODEL -o $a.png/b.png $a.png", "a.png/b.png" + nowhere),
        failing("restore --model MODEL -o $a.png/ $a.png", "a.png: is a file, not a folder"),
        failing(
            "restore --model MODEL -o $b.gif $a.png",
            "b.gif cannot be written: its name must end in .png, .jpg, .bmp or .tif"),
        failing(
            "restore --model MODEL -o $b.jpg $a.png",
            BadInput.file("a.png", clear),
            "b.jpg cannot be written: the picture has transparency, which JPEG does not keep; use"
                + " .png"),
        failing(
            "restore --model MODEL -o $a.png $a.png",
            "a.png cannot be written: it is the picture to restore"),
        failing(
            "restore --model MODEL --compare $c --region 8,8,8,8 $a.png",
            "the region 8,8,8,8 does not lie inside a picture of 12x10"),
        failing(
            "restore --model MODEL $a.png $a.jpg",
            "a.png and a.jpg would both be written to a_x4.png"),
        failing("evaluate --model MODEL --hr $ --json $none/x.json", "none/x.json" + nowhere),
        failing("evaluate --model MODEL --hr $ --csv $none/x.csv", "none/x.csv" + nowhere),
        failing(
            "evaluate --model MODEL --hr $hr --sheet $hr",
            folder -> pictures(folder, 1, 0),
            "--sheet needs a folder of its own: hr has pictures"),
        failing("forward --model MODEL --input $i --output $none/o", "none/o" + nowhere),
        failing("convert MODEL $none/o.safetensors", "none/o.safetensors" + nowhere),
        failing(
            "convert MODEL $o",
            folder -> Files.createDirectory(folder.resolve("o")),
            "o cannot be written: it is a folder"));
  }

  private static List<BadInput> folders() {
    String sides = "lq/a.png is 12x10 and hr/a.png 12x8: the sides should be 4 times as long";
    return List.of(
        failing("evaluate --model MODEL --hr $none", "there is no folder none"),
        failing(
            "evaluate --model MODEL --hr $ --measures psnr-y,dists --vgg16 MODEL",
            "model.safetensors: is no VGG-16: it has no tensor 'features.0.weight' of shape [64, 3,"
                + " 3, 3]"),
        failing(
            "evaluate --model MODEL --model $d.safetensors --hr $",
            folder -> TestFiles.weights(folder.resolve("d.safetensors"), Task.DERAIN),
            "models are set side by side at one scale, these have x1, x4"),
        failing(
            "evaluate --model MODEL --hr $",
            "a.png cannot be measured: nothing of a picture of 12x8 is left after cropping 4 pixels"
                + " at each edge"),
        failing(
            "evaluate --model MODEL --hr $ --protocol matlab",
            "a.png cannot be measured: structural similarity needs 11 pixels each way, there are"
                + " 12x8"),
        failing(
            "evaluate --model MODEL --hr $",
            BadInput.file("a.png", new byte[] {1, 2, 3}),
            "a.png is no picture that can be read: PNG, JPEG, BMP, TIFF and WebP are"),
        failing(
            "evaluate --model MODEL --hr $",
            folder -> {
              Files.write(folder.resolve("a.png"), TestFiles.encoded("png"));
              Files.write(folder.resolve("a.jpg"), TestFiles.encoded("jpeg"));
            },
            "two pictures have one name: a.jpg and a.png"),
        failing("evaluate --model MODEL --hr $a.png", "a.png is a file, not a folder of pictures"),
        failing(
            "evaluate --model MODEL --hr $hr --lq $lq",
            folder -> pictures(folder, 2, 1),
            "the folders do not pair: lq has 1 pictures, hr has 2"),
        failing(
            "evaluate --model MODEL --hr $hr",
            folder -> pictures(folder, 0, 1),
            "the folder hr holds no picture that can be used"),
        failing(
            "evaluate --model MODEL --hr $hr --lq $lq", folder -> pictures(folder, 1, 1), sides));
  }

  private static List<BadInput> degradations() {
    return List.of(
        misspelt("degrade --out o", "Missing required parameter: 'PICTURE'"),
        misspelt("degrade a.png", "Missing required option: '--out=DIR'"),
        misspelt(
            "degrade --kind fog --out o a", "--kind is real-world or rain or bicubic, got fog"),
        misspelt("degrade --count 0 --out o a", "--count is from 1 to 1000, got 0"),
        misspelt("degrade --crop 30 --out o a", "--crop is a multiple of 4, got 30"),
        failing("degrade --out $o $b.png", "b.png: there is no such file"),
        failing("degrade --out $o --crop 16 $a.png", "a.png is 12x10, smaller than 16x16 pixels"),
        failing("degrade --out $a.png $a.png", "a.png: is a file, not a folder"),
        failing("degrade --out $ $a.png", "a.png cannot be written: it is the picture to degrade"),
        failing("degrade --out $o $a.png $a.jpg", "a.png and a.jpg would both be written to a.png"),
        failing(
            "degrade --out $o --sheet $none/s.png $a.png",
            "none/s.png cannot be written: there is no such folder"),
        failing("degrade --out $o --settings $s.yaml $a.png", "s.yaml: there is no such file"),
        settings("{first: [", "is no YAML: expected the node content, but found '<stream end>'..."),
        settings(
            "third: {}",
            "does not know \"third\"; there are kernel_size, first, second, final_sinc, jpeg"),
        settings(
            "first: {noise: {fog: 1}}",
            "does not know \"first.noise.fog\"; there are gaussian, sigma, poisson, grey"),
        settings("first: 3", "first is a mapping, got 3"),
        settings("final_sinc: often", "final_sinc is a number, got often"),
        settings("final_sinc: 2", "final_sinc has probabilities, from 0 to 1 each"),
        settings("final_sinc: .nan", "final_sinc has probabilities, from 0 to 1 each"),
        settings("jpeg: png", "jpeg is one of formula, codec, got png"),
        settings("kernel_size: 7", "kernel_size is a range [low, high], got 7"),
        settings("kernel_size: [8, 9]", "kernel_size goes from one odd number to another"),
        settings("second: {quality: [9, 5]}", "second.quality: a range rises, unlike [9.0, 5.0]"),
        settings(
            "second: {quality: [9, 100]}",
            "second: quality lies within [1.0, 99.0], unlike [9.0, 100.0]"));
  }

  private static BadInput settings(String yaml, String sentence) {
    return new BadInput(
        "command line",
        "degrade with " + yaml,
        "degrade --print-settings --settings $s.yaml",
        folder -> Files.writeString(folder.resolve("s.yaml"), yaml),
        1,
        "s.yaml: " + sentence);
  }

  static BadInput misspelt(String command, String sentence) {
    return new BadInput("command line", command, command, BadInput.NOTHING, 2, sentence);
  }

  static BadInput failing(String command, String sentence) {
    return failing(
        command,
        folder -> Files.write(folder.resolve("a.png"), TestFiles.encoded("png")),
        sentence);
  }

  static BadInput failing(String command, BadInput.Content files, String sentence) {
    return new BadInput("command line", command, command, files, 1, sentence);
  }

  /** Folders hr and lq with so many pictures each, from a.png on. */
  static void pictures(Path folder, int truths, int degraded) throws IOException {
    Files.createDirectory(folder.resolve("hr"));
    Files.createDirectory(folder.resolve("lq"));
    for (int i = 0; i < truths; i++) {
      Files.write(folder.resolve("hr/" + (char) ('a' + i) + ".png"), TestFiles.encoded("png"));
    }
    for (int i = 0; i < degraded; i++) {
      Files.write(folder.resolve("lq/" + (char) ('a' + i) + ".png"), TestFiles.encoded("png"));
    }
  }
}
