"""TensorFlow beside Keras: data, files, strings, structures and control flow."""
