"""What a model's file may name: Keras' own classes that compute from their inputs and weights alone.

None of them runs foreign code, reads a file or goes online, and what each costs can be counted (:mod:`.cost`). Left
out are layers of foreign code (Lambda, TFSMLayer, TorchModuleWrapper …), of text, which read vocabularies, of sound and
of bounding boxes; TimeDistributed, which Keras writes out step by step before they can be counted; and operations that
take a function, make values from nothing, or whose result has no fixed size.
"""

LAYERS = frozenset(
    # Those that learn
    "BatchNormalization Conv1D Conv1DTranspose Conv2D Conv2DTranspose Conv3D Conv3DTranspose Dense "  # noqa: SIM905
    "DepthwiseConv1D DepthwiseConv2D EinsumDense Embedding GroupNormalization LayerNormalization "
    "Normalization PReLU RMSNormalization ReversibleEmbedding SeparableConv1D SeparableConv2D "
    "SpectralNormalization UnitNormalization AdditiveAttention Attention GroupQueryAttention "
    "MultiHeadAttention "
    # Recurrent ones, and those that hold another layer
    "Bidirectional ConvLSTM1D ConvLSTM2D ConvLSTM3D GRU GRUCell LSTM LSTMCell RNN SimpleRNN SimpleRNNCell "
    "StackedRNNCells Pipeline "
    # Activations
    "Activation ELU LeakyReLU ReLU Softmax "
    # Pooling
    "AdaptiveAveragePooling1D AdaptiveAveragePooling2D AdaptiveAveragePooling3D AdaptiveMaxPooling1D "
    "AdaptiveMaxPooling2D AdaptiveMaxPooling3D AveragePooling1D AveragePooling2D AveragePooling3D "
    "GlobalAveragePooling1D GlobalAveragePooling2D GlobalAveragePooling3D GlobalMaxPooling1D "
    "GlobalMaxPooling2D GlobalMaxPooling3D MaxPooling1D MaxPooling2D MaxPooling3D "
    # Shapes, and several into one
    "Add Average Concatenate Cropping1D Cropping2D Cropping3D Dot Flatten Functional Identity InputLayer "
    "Masking Maximum Minimum Multiply Permute RepeatVector Reshape Sequential Subtract UpSampling1D "
    "UpSampling2D UpSampling3D ZeroPadding1D ZeroPadding2D ZeroPadding3D "
    # For the training alone
    "ActivityRegularization AlphaDropout Dropout GaussianDropout GaussianNoise SpatialDropout1D "
    "SpatialDropout2D SpatialDropout3D "
    # Preprocessing and augmentation
    "AugMix AutoContrast CategoryEncoding CenterCrop CutMix Discretization Equalization MixUp RandAugment "
    "RandomBrightness RandomColorDegeneration RandomColorJitter RandomContrast RandomCrop "
    "RandomElasticTransform RandomErasing RandomFlip RandomGaussianBlur RandomGrayscale RandomHue "
    "RandomInvert RandomPerspective RandomPosterization RandomRotation RandomSaturation RandomSharpness "
    "RandomShear RandomTranslation RandomZoom Rescaling Resizing Solarization".split()
)
NUMPY = frozenset(
    "Abs Absolute Add All Amax Amin Any Append Arccos Arccosh Arcsin Arcsinh Arctan Arctan2 Arctanh "  # noqa: SIM905
    "Argmax Argmin Argsort Average BroadcastTo Cbrt Ceil Clip Concatenate Copy Cos Cosh CountNonzero "
    "Cross Cumprod Cumsum Deg2rad Diagonal Divide DivideNoNan Dot Einsum Equal Exp Exp2 ExpandDims Expm1 "
    "Flip Fliplr Flipud Floor FloorDivide Fmax Fmin Fmod FullLike GetItem Greater GreaterEqual Heaviside "
    "Hypot Hstack Inner Isclose Isfinite Isinf Isnan Less LessEqual Log Log10 Log1p Log2 Logaddexp "
    "LogicalAnd LogicalNot LogicalOr LogicalXor Matmul Max Maximum Mean Median Min Minimum Mod Moveaxis "
    "Multiply NanToNum Negative NotEqual OnesLike Outer Pad Percentile Power Prod Ptp Quantile Rad2deg "
    "Ravel Reciprocal Repeat Reshape Roll Round Select Sign Signbit Sin Sinc Sinh Sort Split Sqrt Square "
    "Squeeze Stack Std Subtract Sum Swapaxes Take TakeAlongAxis Tan Tanh Tensordot Tile Trace Transpose "
    "Tril Triu TrueDivide Trunc Var Vdot Vstack Where ZerosLike".split()
)
NN = frozenset(
    "AveragePool BatchNorm Celu Conv ConvTranspose DepthToSpace DepthwiseConv DotProductAttention Elu "  # noqa: SIM905
    "Gelu Glu HardShrink HardSigmoid HardSilu HardTanh LayerNorm LeakyRelu LogSigmoid LogSoftmax MaxPool "
    "Moments MultiHot Normalize OneHot RMSNorm Relu Relu6 Selu SeparableConv Sigmoid Silu SoftShrink "
    "Softmax Softplus Softsign SpaceToDepth SparsePlus SparseSigmoid Sparsemax Squareplus TanhShrink "
    "Threshold".split()
)
OTHER = {  # modules of operations that few networks use
    "keras.src.ops.core": frozenset(("Cast", "ConvertToTensor", "SaturateCast", "Slice", "StopGradient")),
    "keras.src.ops.math": frozenset(("Erf", "Erfc", "Erfinv", "Logsumexp", "Rsqrt", "TopK")),
    "keras.src.ops.linalg": frozenset(("Norm",)),
    "keras.src.ops.image": frozenset(
        "AffineTransform CropImages ExtractPatches HSVToRGB PadImages PerspectiveTransform RGBToGrayscale "  # noqa: SIM905
        "RGBToHSV Resize SobelEdges".split()
    ),
}
OPERATIONS = NUMPY.union(NN, *OTHER.values())
INITIALIZERS = frozenset(
    "Constant GlorotNormal GlorotUniform HeNormal HeUniform Identity IdentityInitializer LecunNormal "  # noqa: SIM905
    "LecunUniform Ones Orthogonal OrthogonalInitializer RandomNormal RandomUniform TruncatedNormal "
    "VarianceScaling Zeros".split()
)
APPLICATIONS = {  # layers that Keras' published networks bring along
    "keras.src.applications.convnext": frozenset(("LayerScale", "StochasticDepth")),
    "keras.src.applications.inception_resnet_v2": frozenset(("CustomScaleLayer",)),
}
MODULES = {  # Keras modules, each with the classes that a file may name
    "keras": frozenset(("DTypePolicy", "Functional", "Sequential")),
    "keras.layers": LAYERS,
    "keras.models": frozenset(("Functional", "Sequential")),
    "keras.src.models.functional": frozenset(("Functional",)),
    "keras.src.models.sequential": frozenset(("Sequential",)),
    "keras.src.ops.numpy": NUMPY,
    "keras.src.ops.nn": NN,
    **OTHER,
    **APPLICATIONS,
    "keras.dtype_policies": frozenset(("DTypePolicy",)),
    "keras.initializers": INITIALIZERS,
    "keras.regularizers": frozenset(("L1", "L2", "L1L2", "OrthogonalRegularizer")),
    "keras.constraints": frozenset(("MaxNorm", "MinMaxNorm", "NonNeg", "UnitNorm")),
    "builtins": frozenset(("slice",)),
}
NETWORKS = frozenset(("Functional", "Sequential"))
COUNTED = LAYERS.union(OPERATIONS, *APPLICATIONS.values())  # as steps
PLAIN = frozenset(
    ("__keras_tensor__", "__tuple__", "__ellipsis__", "__slice__")
)  # how Keras writes values that are not objects
ARRAYS = frozenset(("__tensor__", "__numpy__"))  # values in the configuration: the mean of a preprocessing
LARGEST = {  # settings by which Keras repeats something in Python, before it can be counted, each with its bound
    "indices_or_sections": 100,
    "output_size": 2_000,
    "power_iterations": 100,
    "num_ops": 100,
    "num_chains": 100,
    "chain_depth": 100,
}
