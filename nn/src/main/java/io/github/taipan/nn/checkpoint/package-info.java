/**
 * Checkpoints: named tensors on disk. Reads and writes safetensors and reads PyTorch's files, by
 * parsers that instantiate nothing a file names and that check each size before they believe it.
 */
@NullMarked
package io.github.taipan.nn.checkpoint;

import org.jspecify.annotations.NullMarked;
