Sixteen rounds of 255 times 255 steps and one dot for each round
cell 0 rounds  cell 1 outer  cell 2 inner  cell 4 the dot
>>>++++++[>++++++++<-]>--<<<<
++++++++++++++++
[
  > - [
    > - [ > + < - ]
    < -
  ]
  >>>.<<<
  < -
]
>>>>[-]++++++++++.
